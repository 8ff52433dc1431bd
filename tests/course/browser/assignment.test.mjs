// What a learner has written and checked: points count as long as the answer stays as it was checked.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Assignment, OtherNotebook } from "../../../course/browser/js/assignment.mjs";
import { read } from "../../../course/browser/js/notebook.mjs";
import { Store } from "../../../course/browser/js/store.mjs";
import { storage } from "./storage.mjs";

const NAME = "rnn-cell";
const folder = new URL(`../../../exercises/${NAME}/`, import.meta.url);
const text = readFileSync(new URL(`${NAME}.ipynb`, folder), "utf-8");
const graded = JSON.parse(readFileSync(new URL("checks/graded.json", folder), "utf-8"));
const [first, second] = Object.keys(graded);

const data = (release = "r1") => ({ name: NAME, title: "RNN cell", release, notebook: read(text), record: [], graded, shown: {} });
const agrees = { ok: true, diagnosis: "", text: "agrees" };

/** @param {any} [kept] */
const begin = (kept = storage(), release = "r1") => new Assignment(data(release), new Store(() => kept));

test("points count while the answer is the one that was checked", () => {
  const assignment = begin();
  assignment.write(first, "a");
  assert.equal(assignment.status(first), "not checked");
  assignment.note(`${first}-check`, agrees, "a");
  assert.equal(assignment.points().points, graded[first].points);
  assignment.write(first, "b");
  assert.equal(assignment.status(first), "changed since the check");
  assert.equal(assignment.points().points, 0);
  assignment.write(first, "a");
  assert.equal(assignment.status(first), "agrees");
  assignment.note(`${first}-check`, { ok: false, diagnosis: "not started", text: "" }, "a");
  assert.equal(assignment.status(first), "not started");
});

test("a check may give a part of the points", () => {
  const assignment = begin();
  assignment.write(first, "a");
  assignment.note(`${first}-check`, { ...agrees, share: 0.25 }, "a");
  assert.equal(assignment.status(first), "agrees in part");
  assert.equal(assignment.points().points, graded[first].points / 4);
  assignment.note(`${first}-check`, { ...agrees, share: 1 }, "a");
  assert.equal(assignment.status(first), "agrees");
});

test("points that are possible are those of the checks; a person gives the others", () => {
  const { possible, read: byPerson } = begin().points();
  const sum = (checked) => Object.values(graded).filter((each) => each.checked === checked).reduce((all, each) => all + each.points, 0);
  assert.deepEqual([possible, byPerson], [sum(true), sum(false)]);
});

test("what runs for a check is the code above it, in the notebook's order, without checks", () => {
  const assignment = begin();
  const own = assignment.addCell(first);
  assignment.write(own, "print(1)");
  const ids = assignment.codeDownTo(`${second}-check`).map(({ id }) => id);
  assert.deepEqual(ids.slice(-3), [first, own, second]);
  assert.ok(ids.includes("set-up") && !ids.some((id) => id.endsWith("-check") || id === "progress"));
});

test("work is there again after a visit, with own cells in their places", () => {
  const kept = storage();
  const before = begin(kept);
  before.write(first, "a");
  const own = before.addCell(first);
  before.write(own, "print(1)");
  before.save();
  const after = begin(kept);
  assert.deepEqual(after.cells(), before.cells());
  after.removeCell(own);
  after.removeCell(first); // not the learner's to remove
  assert.equal(after.cells().length, data().notebook.cells.length);
});

test("work on an older release is offered, and stays when it is used", () => {
  const kept = storage();
  const old = begin(kept, "r0");
  old.write(first, "a");
  old.note(`${first}-check`, agrees, "a");
  old.save();
  const now = begin(kept);
  assert.equal(now.begun, false);
  assert.equal(now.earlier().length, 1);
  now.adopt(now.earlier()[0].work);
  assert.equal(now.source(first), "a");
  assert.equal(now.status(first), "not checked"); // by this release's check
  now.save();
  assert.equal(begin(kept).source(first), "a");
  assert.equal(begin(kept, "r0").status(first), "agrees");
});

test("starting again and opening a file keep what was there", () => {
  const kept = storage();
  const assignment = begin(kept);
  assignment.write(first, "a");
  assignment.save();
  assignment.startAgain();
  assert.notEqual(assignment.source(first), "a");
  assert.deepEqual(assignment.earlier().map(({ work }) => work.cells.find(({ id }) => id === first)?.source), ["a"]);
  assignment.write(first, "b");
  assignment.save();
  const other = read(text);
  other.cells[other.cells.findIndex(({ id }) => id === second)].source = "c";
  assignment.open(other);
  assert.equal(assignment.source(second), "c");
  assert.equal(assignment.earlier().length, 2);
});

test("starting again, and taking back all that was written, hold after a visit", () => {
  for (const back of [(it) => it.startAgain(), (it) => it.write(first, it.released(first)), (it) => it.removeCell("own-1")]) {
    const kept = storage();
    const assignment = begin(kept);
    assignment.write(assignment.addCell(first), "print(1)");
    assignment.write(first, "a");
    assignment.save();
    back(assignment);
    const cells = assignment.cells();
    assignment.save();
    assert.deepEqual(begin(kept).cells(), cells);
  }
});

test("a visit without a change leaves the store as it is", () => {
  const kept = storage();
  begin(kept).save();
  assert.equal(kept.length, 0);
  const assignment = begin(kept);
  assignment.write(first, "a");
  assignment.save();
  const text = kept.getItem(kept.key(0));
  begin(kept).save();
  assignment.save();
  assert.deepEqual([kept.length, kept.getItem(kept.key(0))], [1, text]);
});

test("what another page saved meanwhile is kept when this one saves", () => {
  const kept = storage();
  const [one, other] = [begin(kept), begin(kept)];
  other.write(first, "other");
  assert.equal(one.overtaken, false);
  other.save();
  assert.deepEqual([one.overtaken, other.overtaken], [true, false]);
  one.write(first, "one");
  one.save();
  assert.equal(one.overtaken, false);
  assert.equal(begin(kept).source(first), "one");
  assert.deepEqual(one.earlier().map(({ work }) => work.cells.find(({ id }) => id === first)?.source), ["other"]);
});

test("a notebook of another assignment is refused, and nothing changes", () => {
  const assignment = begin();
  assignment.write(first, "a");
  const gates = readFileSync(new URL("../lstm-gates/lstm-gates.ipynb", folder), "utf-8");
  assert.throws(() => assignment.open(read(gates)), (error) => error instanceof OtherNotebook && /RNN cell/.test(error.message));
  assert.equal(assignment.source(first), "a");
});

test("a solution that was shown is marked in the notebook", () => {
  const assignment = begin();
  assignment.noteShown(first);
  assignment.noteShown(first);
  const marked = assignment.notebook(new Map()).cells.filter((cell) => JSON.stringify(cell.metadata).includes("shown"));
  assert.deepEqual(marked.map(({ id }) => id), [first]);
});
