// A worker loses its ways to other hosts and to what the browser stores, and keeps what Python needs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { confine } from "../../../course/browser/js/confine.mjs";

test("what is inherited is lost as well", () => {
  const scope = Object.assign(Object.create({ fetch: 1, indexedDB: 1, setTimeout: 1 }), { WebSocket: 1, fetch: 1, postMessage: 1 });
  confine(scope);
  assert.deepEqual(["fetch", "indexedDB", "WebSocket", "setTimeout", "postMessage"].filter((name) => name in scope), ["setTimeout", "postMessage"]);
});
