// Files arrive whole and as they should be, or one sentence says what to do.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { afterEach, test } from "node:test";
import { Download, DownloadFailed } from "../../../course/browser/js/download.mjs";

const content = new TextEncoder().encode("0123456789".repeat(10));
const files = { "a.bin": { size: content.length, sha256: createHash("sha256").update(content).digest("hex") } };
const original = globalThis.fetch;
afterEach(() => void (globalThis.fetch = original));

/** Answer requests with these, one after the other. @param {(Uint8Array | number | Error)[]} answers */
function serve(...answers) {
  const asked = [];
  globalThis.fetch = async (address, options) => {
    asked.push([String(address), options?.cache]);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return typeof answer === "number" ? new Response("", { status: answer }) : new Response(answer);
  };
  return asked;
}

const download = (progress = () => {}) => new Download("http://site/tab/", files, progress).bytes("a.bin");

test("a file is downloaded once, and its bytes are counted", async () => {
  const asked = serve(content);
  const counts = [];
  const both = new Download("http://site/tab/", files, (...count) => counts.push(count));
  assert.deepEqual(await both.bytes("a.bin"), content);
  await both.bytes("a.bin");
  assert.deepEqual(asked, [["http://site/tab/a.bin", "default"]]);
  assert.deepEqual(counts.at(-1), [content.length, content.length]);
});

test("a file of an older release in the browser's cache is asked for again", async () => {
  const asked = serve(content.map((byte) => byte ^ 1), content);
  assert.deepEqual(await download(), content);
  assert.deepEqual(asked.map(([, cache]) => cache), ["default", "reload"]);
});

for (const [what, answers] of Object.entries({
  "other bytes": [content.map((byte) => byte ^ 1), content.map((byte) => byte ^ 1)],
  "too few bytes": [content.slice(1), content.slice(1)],
  "no file": [404],
  "no server": [new TypeError("Failed to fetch")],
})) {
  test(`${what}: a sentence says what to do`, async () => {
    serve(...answers);
    await assert.rejects(download(), (error) => error instanceof DownloadFailed && /a\.bin .*(again|Reload)/.test(error.message));
  });
}
