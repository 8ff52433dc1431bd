// Nothing that was written is ever overwritten unseen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Store, StoreFailed } from "../../../course/browser/js/store.mjs";
import { storage } from "./storage.mjs";

const work = (changes = {}) => ({
  version: 1, assignment: "rnn-cell", release: "r1", saved: "2026-03-01T10:00:00.000Z", points: 0, possible: 16,
  cells: [{ id: "f", source: "x" }], results: {}, shown: [], ...changes,
});

test("what is saved is read again, for its release alone", () => {
  const store = new Store(() => storage());
  store.save(work());
  assert.deepEqual(store.read(store.key(work())), work());
  assert.equal(store.read(store.key(work({ release: "r2" }))), undefined);
  assert.deepEqual(store.all("rnn-cell").map((kept) => kept.work), [work()]);
  assert.deepEqual(store.all("rnn"), []);
});

for (const [what, open] of Object.entries({
  forbidden: () => {
    throw new Error("SecurityError");
  },
  "without room": () => storage(-1),
})) {
  test(`where a store is ${what}, the page says so and remembers work until it is left`, () => {
    const store = new Store(open);
    assert.match(store.problem, /keeps nothing/);
    store.save(work());
    assert.equal(new Store(() => storage()).imported(store.exported()), 1);
  });
}

test("a store that is full says so, and what is in it can be read", () => {
  const kept = storage();
  new Store(() => kept).save(work());
  const store = new Store(() => ({ ...kept, length: kept.length, setItem: storage(-1).setItem }));
  assert.match(store.problem, /full/);
  assert.deepEqual(store.read(store.key(work())), work());
  const full = new Store(() => storage(10));
  assert.equal(full.problem, "");
  assert.throws(() => full.save(work()), /full/);
});

test("copies never take each other's place", () => {
  const store = new Store(() => storage());
  for (const source of ["a", "b", "c", "a", "b"]) store.keep(work({ cells: [{ id: "f", source }] }));
  assert.equal(store.all("rnn-cell").length, 3);
});

test("an export that is imported elsewhere, or twice, brings everything and loses nothing", () => {
  const [one, other] = [new Store(() => storage()), new Store(() => storage())];
  one.save(work());
  one.save(work({ assignment: "lstm-gates" }));
  other.save(work({ cells: [{ id: "f", source: "newer" }], saved: "2026-04-01T10:00:00.000Z" }));
  assert.equal(other.imported(one.exported()), 2);
  assert.equal(other.read(other.key(work()))?.cells[0].source, "newer");
  assert.deepEqual(other.all("rnn-cell").map((kept) => kept.work.cells[0].source), ["newer", "x"]);
  other.imported(one.exported());
  assert.deepEqual(new Set(other.all().map((kept) => kept.work.cells[0].source)), new Set(["newer", "x"]));
});

test("newer work that is imported takes the place of older work, which is kept", () => {
  const [one, other] = [new Store(() => storage()), new Store(() => storage())];
  one.save(work({ cells: [{ id: "f", source: "newer" }], saved: "2026-04-01T10:00:00.000Z" }));
  other.save(work());
  other.imported(one.exported());
  assert.equal(other.read(other.key(work()))?.cells[0].source, "newer");
  assert.deepEqual(other.all().map((kept) => kept.work.cells[0].source), ["newer", "x"]);
});

for (const [what, text] of Object.entries({
  "no JSON": "{",
  nothing: "null",
  "another format": '{"format": "x", "work": []}',
  "a newer version": '{"format": "lstm-gate-by-gate: all work", "version": 2, "work": []}',
})) {
  test(`a file of ${what} is refused with a sentence`, () => {
    assert.throws(() => new Store(() => storage()).imported(text), (error) => error instanceof StoreFailed && error.message.endsWith("."));
  });
}

test("parts that are damaged are left out of work", () => {
  const sound = { ok: true, diagnosis: "", text: "agrees", source: "x" };
  const cells = [{ id: "f", source: "x" }, { id: "f", own: "code", source: "again" }];
  const results = { "f-check": sound, "g-check": { ok: true }, "h-check": null };
  const store = new Store(() => storage());
  store.save(work({ cells, results, shown: ["f", 5], points: "many" }));
  assert.deepEqual(store.read(store.key(work())), work({ results: { "f-check": sound }, shown: ["f"] }));
  for (const entry of [null, { id: 5 }, { id: "f", source: 5 }, { id: "f", own: "video" }]) {
    store.save(work({ cells: [entry] }));
    assert.equal(store.read(store.key(work())), undefined);
  }
});

test("entries that are no work are passed over, in the store and in a file", () => {
  const kept = storage();
  kept.setItem("lstm-gate-by-gate/1/rnn-cell/r0", '{"version": 1}');
  kept.setItem("lstm-gate-by-gate/1/rnn-cell/r1", "nonsense");
  const store = new Store(() => kept);
  assert.deepEqual(store.all(), []);
  const file = { format: "lstm-gate-by-gate: all work", version: 1, work: [{ key: "other", work: work() }, { key: 5 }, null] };
  assert.equal(store.imported(JSON.stringify(file)), 0);
});

test("an answer to a quiz is kept apart from work, and changes", () => {
  const kept = storage();
  const store = new Store(() => kept);
  assert.equal(store.choice("keeps"), "");
  store.choose("keeps", "a");
  store.choose("keeps", "b");
  assert.equal(new Store(() => kept).choice("keeps"), "b");
  assert.deepEqual(store.choices(), { keeps: "b" });
  assert.deepEqual(store.all(), []);
  assert.equal(kept.length, 1);
});

test("an answer for which there is no room is refused, and the older one stays", () => {
  const kept = storage(3);
  const store = new Store(() => kept);
  store.choose("keeps", "a");
  assert.throws(() => store.choose("keeps", "longer"), StoreFailed);
  assert.equal(store.choice("keeps"), "a");
});

test("answers move with the work, and take the place of none", () => {
  const [one, other] = [new Store(() => storage()), new Store(() => storage())];
  one.choose("keeps", "a");
  one.choose("writes", "a");
  other.choose("keeps", "b");
  assert.equal(other.imported(one.exported()), 1);
  assert.deepEqual(other.choices(), { keeps: "b", writes: "a" });
  assert.equal(other.imported(one.exported()), 0);
  const file = JSON.parse(one.exported());
  for (const quizzes of [undefined, null, 5, { other: 5, another: null }]) {
    assert.equal(other.imported(JSON.stringify({ ...file, quizzes })), 0);
  }
});
