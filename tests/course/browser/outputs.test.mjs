// Outputs come from a worker that a learner's code may have turned: only those of a known form are shown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isSound } from "../../../course/browser/js/outputs.mjs";

const error = (traceback) => ({ output_type: "error", ename: "E", evalue: "", traceback });
const data = (data) => ({ output_type: "display_data", data, metadata: {} });

test("what a session sends is sound", () => {
  const stream = { output_type: "stream", name: "stderr", text: "a" };
  for (const output of [stream, error(["a"]), data({ "image/png": "iVBOR", "text/plain": "a" })]) assert.ok(isSound(output));
});

for (const [what, output] of Object.entries({
  "no type": {},
  "a class of its own": { output_type: "stream", name: "stdout tab-bar", text: "a" },
  "no text": { output_type: "stream", name: "stdout", text: {} },
  "no traceback": error("a"),
  "a traceback of no texts": error([{}]),
  "no data": data(null),
  "data of no texts": data({ "image/png": { toString: 1 } }),
})) {
  test(`an output with ${what} is not shown`, () => assert.equal(isSound(output), false));
}
