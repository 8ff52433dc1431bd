// A notebook is handed in, or one sentence says why not.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { HandInFailed, handIn, mark } from "../../../course/browser/js/hand-in.mjs";

const here = { key: "a key", address: "/lti/hand-in/lstm-gates" };
const original = globalThis.fetch;
afterEach(() => void (globalThis.fetch = original));

/** Answer the next request. @param {number} status @param {object | string} content */
function answer(status, content) {
  const asked = [];
  globalThis.fetch = async (address, options) => {
    asked.push([address, options]);
    return new Response(typeof content === "string" ? content : JSON.stringify(content), { status });
  };
  return asked;
}

test("what arrived has a time", async () => {
  const asked = answer(200, { time: "2027-01-18T20:00:00.123456+00:00" });
  const time = await handIn(here, "the notebook");
  assert.equal(time.toISOString(), "2027-01-18T20:00:00.123Z");
  const [[address, options]] = asked;
  assert.equal(address, here.address);
  assert.equal(options.method, "POST");
  assert.equal(options.headers["X-Hand-In"], "a key");
  assert.equal(options.body, "the notebook");
});

test("the tool's sentence is the reader's", async () => {
  answer(403, { error: "This sign-in has ended." });
  await assert.rejects(handIn(here, ""), new HandInFailed("This sign-in has ended."));
});

test("without an answer nobody knows, and nothing is lost", async () => {
  answer(502, "<html>Bad gateway</html>");
  await assert.rejects(handIn(here, ""), /not known whether this arrived.*hand in again/);
  globalThis.fetch = async () => Promise.reject(new TypeError("no connection"));
  await assert.rejects(handIn(here, ""), /What you wrote is kept/);
});

test("a page without the mark hands in nowhere", () => {
  const tags = [null, { content: "a key", dataset: {} }, { content: "a key", dataset: { address: here.address } }];
  globalThis.document = { querySelector: () => tags.shift() };
  assert.deepEqual([mark(), mark(), mark()], [undefined, undefined, here]);
  delete globalThis.document;
});
