// Notebooks are read whatever wrote them, and written as Jupyter writes them.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { NotNotebook, checked, isAnswer, isCheck, read, write } from "../../../course/browser/js/notebook.mjs";
import { cellsOf, entriesOf, notebookOf, untouched } from "../../../course/browser/js/work.mjs";

const EXERCISES = new URL("../../../exercises/", import.meta.url);
const texts = readdirSync(EXERCISES).map((name) => readFileSync(new URL(`${name}/${name}.ipynb`, EXERCISES), "utf-8"));
const text = readFileSync(new URL("rnn-cell/rnn-cell.ipynb", EXERCISES), "utf-8");

/** @param {any} cells */
const notebook = (cells) => JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });

test("an exercise that is read and written holds the same", () => {
  for (const each of texts) assert.deepEqual(JSON.parse(write(read(each))), JSON.parse(each));
});

test("what is written has sorted keys, an indentation of one and a list of lines", () => {
  const cells = [{ cell_type: "code", id: "a", source: "x = 1\nx", metadata: { z: 1, b: 2 }, outputs: [], execution_count: 3 }];
  const written = write(read(notebook(cells)));
  assert.match(written, /^\{\n "cells": \[\n {2}\{\n {3}"cell_type": "code",\n {3}"execution_count": 3,/);
  assert.ok(written.indexOf('"b": 2') < written.indexOf('"z": 1'));
  assert.deepEqual(JSON.parse(written).cells[0].source, ["x = 1\n", "x"]);
  assert.ok(written.endsWith("}\n"));
});

for (const [what, content] of Object.entries({
  "no JSON": "%PDF",
  "no object": "[]",
  nothing: "null",
  "an older format": JSON.stringify({ nbformat: 3, worksheets: [] }),
  "no list of cells": JSON.stringify({ nbformat: 4, cells: {} }),
})) {
  test(`what is ${what} is no notebook, and says so`, () => {
    assert.throws(() => read(content), (error) => error instanceof NotNotebook && /ipynb/.test(error.message));
  });
}

test("odd cells lose nothing that can be read", () => {
  const cells = [null, 7, { cell_type: "magic" }, { cell_type: "code" }, { cell_type: "code", source: ["a\n", "b"] }, { cell_type: "markdown", source: "t", id: 5, metadata: [] }];
  assert.deepEqual(read(notebook(cells)).cells.map(({ id, source }) => [id, source]), [["cell", ""], ["cell-2", "a\nb"], ["cell-3", "t"]]);
});

const released = read(text);
const answers = released.cells.filter(isAnswer);

test("the names of checks are those of functions to write", () => {
  const names = released.cells.filter(isCheck).map(checked);
  assert.ok(names.length > 3);
  for (const name of names) assert.ok(answers.some(({ id }) => id === name));
});

test("a notebook that is opened and written again has the same answers and own cells in their places", () => {
  const cells = structuredClone(released.cells);
  const place = cells.findIndex(({ id }) => id === answers[0].id);
  cells[place].source = "def f():\n    return 1";
  cells.splice(place + 1, 0, { id: "x", cell_type: "code", source: "print(1)", metadata: {} });
  cells.unshift({ id: "first", cell_type: "markdown", source: "mine", metadata: {} });
  const { cells: entries, answers: count } = entriesOf(released, { cells });
  assert.equal(count, answers.filter((cell) => cell.cell_type === "code").length);
  assert.deepEqual(cellsOf(released, entries).map(({ id, source }) => [id, source]), cells.map(({ id, source }) => [id, source]));
});

test("what is locked stays as released, and what was deleted or copied comes back once", () => {
  const check = released.cells.findIndex(isCheck);
  const cells = structuredClone(released.cells).filter((_, number) => number !== 2);
  const changed = cells.find(({ id }) => id === released.cells[check].id);
  changed.source = "print('passed')";
  cells.push({ ...structuredClone(changed), source: "again" });
  const { cells: entries } = entriesOf(released, { cells });
  assert.deepEqual(cellsOf(released, entries), released.cells);
});

test("the notebook to hand in has what cells showed, and says where a solution was shown", () => {
  const work = { ...untouched("a", "r", released), shown: [answers[0].id] };
  const output = { output_type: "stream", name: "stdout", text: "1\n" };
  const ran = new Map([[answers[0].id, { outputs: [output], count: 2 }]]);
  const cell = notebookOf(released, work, ran).cells.find(({ id }) => id === answers[0].id);
  assert.deepEqual(cell?.outputs, [output]);
  assert.equal(cell?.execution_count, 2);
  assert.match(JSON.stringify(cell?.metadata), /shown/);
  assert.doesNotMatch(JSON.stringify(released), /shown before/);
});
