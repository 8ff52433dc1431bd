// A learner's work on an assignment: what differs from the notebook as it was released.
import { gradeId, isAnswer, isCheck, isLocked, unused } from "./notebook.mjs";

/** @import { Cell, Notebook } from "./notebook.mjs" */
/** @import { Outcome, Output } from "./protocol.mjs" */

/**
 * @typedef {{ id: string, source?: string, own?: "code" | "markdown" | "raw" }} Entry
 *   A cell. source: where it differs from the release. own: the kind of a cell of the learner's own.
 * @typedef {Outcome & { source: string }} Result - source: of the answer that was checked
 * @typedef {{ version: 1, assignment: string, release: string, saved: string, points: number,
 *   possible: number, cells: Entry[], results: { [check: string]: Result }, shown: string[] }} Work
 *   release: the digest of the notebook. saved: when, in ISO 8601. points: those of checks that
 *   agree. shown: functions whose solution was shown before they agreed.
 */

export const VERSION = 1;
const MARK = "lstm-gate-by-gate"; // of this course, in the metadata of a cell

/**
 * @param {string} assignment
 * @param {string} release
 * @param {Notebook} notebook - as released
 * @returns {Work}
 */
export function untouched(assignment, release, notebook) {
  const cells = notebook.cells.map(({ id }) => ({ id }));
  const rest = { saved: "", points: 0, possible: 0, results: {}, shown: [] };
  return { version: VERSION, assignment, release, cells, ...rest };
}

/**
 * The cells of a learner's notebook: those of the release in its order, and the learner's own where
 * they stood.
 * @param {Notebook} released
 * @param {Entry[]} entries
 * @returns {Cell[]}
 */
export function cellsOf(released, entries) {
  const known = new Map(released.cells.map((cell) => [cell.id, cell]));
  const sources = new Map(entries.map((entry) => [entry.id, entry.source]));
  /** @type {Map<string, Cell[]>} */
  const own = new Map();
  let before = "";
  for (const { id, own: kind, source } of entries) {
    if (known.has(id)) before = id;
    else if (kind) own.set(before, [...(own.get(before) ?? []), ownCell(id, kind, source ?? "")]);
  }
  const inOrder = released.cells.flatMap((cell) => {
    const source = sources.get(cell.id) ?? cell.source;
    return [{ ...cell, source }, ...(own.get(cell.id) ?? [])];
  });
  return [...(own.get("") ?? []), ...inOrder];
}

/**
 * @param {string} id
 * @param {"code" | "markdown" | "raw"} kind
 * @param {string} source
 * @returns {Cell}
 */
export function ownCell(id, kind, source) {
  return { id, cell_type: kind, source, metadata: {} };
}

/**
 * What a notebook from a file differs in from the release. What is locked stays as released.
 * @param {Notebook} released
 * @param {Notebook} opened
 * @returns {{ cells: Entry[], answers: number }} answers: how many of the assignment's functions it has
 */
export function entriesOf(released, opened) {
  const known = new Map(released.cells.map((cell) => [cell.id, cell]));
  const used = new Set(known.keys());
  const seen = new Set();
  let answers = 0;
  const cells = opened.cells.flatMap((cell) => {
    const original = known.get(cell.id);
    if (!original || seen.has(cell.id)) {
      // A changed check, or a copy of one, is not the learner's own code.
      if (isLocked(cell) || isCheck(cell)) return [];
      return [{ id: unused(cell.id, used), own: cell.cell_type, source: cell.source }];
    }
    seen.add(cell.id);
    // Written answers have the same name in all assignments.
    answers += Number(isAnswer(original) && cell.cell_type === "code" && gradeId(cell) === gradeId(original));
    const differs = !isLocked(original) && cell.source !== original.source;
    return [differs ? { id: cell.id, source: cell.source } : { id: cell.id }];
  });
  return { cells, answers };
}

/**
 * The notebook to hand in.
 * @param {Notebook} released
 * @param {Work} work
 * @param {Map<string, { outputs: Output[], count: number }>} ran - what cells showed, by id
 * @returns {Notebook}
 */
export function notebookOf(released, work, ran) {
  const shown = new Set(work.shown);
  const cells = cellsOf(released, work.cells).map((cell) => {
    const result = ran.get(cell.id);
    const metadata = shown.has(cell.id)
      ? { ...cell.metadata, [MARK]: { solution: "shown before the check agreed" } }
      : cell.metadata;
    if (!result || cell.cell_type !== "code") return { ...cell, metadata };
    return { ...cell, metadata, outputs: result.outputs, execution_count: result.count };
  });
  return { ...released, cells };
}
