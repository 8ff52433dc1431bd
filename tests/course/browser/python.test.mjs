// Python as the page sees it: one request at a time, and nothing comes from a worker that was ended.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Interrupted, Python } from "../../../course/browser/js/python.mjs";

/** Stands for a browser's worker. */
class StandIn extends EventTarget {
  static started = [];
  posted = [];
  ended = false;

  constructor() {
    super();
    StandIn.started.push(this);
  }

  postMessage(message) {
    this.posted.push(message);
  }

  terminate() {
    this.ended = true;
  }

  /** Have a message arrive, also after the end, as a browser may. */
  send(data) {
    this.onmessage({ data });
  }
}

/** @type {import("../../../course/browser/js/python.mjs").State[]} */
let states;
/** @type {Python} */
let python;
beforeEach(() => {
  globalThis.Worker = StandIn;
  StandIn.started = [];
  states = [];
  python = new Python("http://site/tab/", { "worker.js": { size: 1, sha256: "0".repeat(64) } }, [], (state) => states.push(state));
});
const [phase, worker] = [() => states.at(-1).phase, () => StandIn.started.at(-1)];
const run = (show = () => {}) => python.run([{ id: "a", source: "1" }], undefined, show);

test("outputs and the end of a request arrive, and Python is ready again", async () => {
  const outputs = [];
  const ran = run((cell, output) => outputs.push([cell, output]));
  worker().send({ kind: "ready" });
  assert.equal(phase(), "running");
  worker().send({ kind: "output", number: 1, cell: "a", output: "x" });
  worker().send({ kind: "output", number: 7, cell: "a", output: "of another request" });
  worker().send({ kind: "done", number: 1, outcome: { ok: true } });
  assert.deepEqual([await ran, outputs, phase(), python.busy], [{ ok: true }, [["a", "x"]], "ready", false]);
});

test("stopping ends the worker and starts another, also while Python is still starting", async () => {
  const ran = run();
  const [old] = StandIn.started;
  python.stop();
  await assert.rejects(ran, Interrupted);
  assert.deepEqual([old.ended, StandIn.started.length, phase(), python.busy], [true, 2, "starting", false]);
});

test("what a worker sent before it was ended changes nothing any more", async () => {
  const ran = run();
  const [old] = StandIn.started;
  python.stop();
  await assert.rejects(ran, Interrupted);
  for (const message of [{ kind: "ready" }, { kind: "done", number: 1 }, { kind: "failed", reason: "old" }]) old.send(message);
  old.onerror();
  assert.deepEqual([phase(), worker().ended], ["starting", false]);
});

test("after a failure the reason is shown, and the next request starts anew", async () => {
  const ran = run();
  worker().send({ kind: "failed", reason: "No connection." });
  await assert.rejects(ran, /No connection/);
  assert.deepEqual([phase(), states.at(-1).text], ["failed", "No connection."]);
  const again = run();
  worker().send({ kind: "ready" });
  worker().send({ kind: "done", number: 2 });
  assert.deepEqual([await again, StandIn.started.length], [undefined, 2]);
});

test("after a failure Python does not start at every key, but at the next request", async () => {
  python.prepare();
  worker().send({ kind: "failed", reason: "No connection." });
  python.prepare();
  assert.deepEqual([StandIn.started.length, phase()], [1, "failed"]);
  run();
  python.prepare();
  assert.equal(StandIn.started.length, 2);
});

test("a browser that refuses workers fails with a sentence, and writing goes on", async () => {
  globalThis.Worker = class {
    constructor() {
      throw new Error("SecurityError");
    }
  };
  python.start();
  assert.match(states.at(-1).text, /could not be loaded.*download the notebook/);
  await assert.rejects(run(), Interrupted);
  assert.equal(python.busy, false);
});
