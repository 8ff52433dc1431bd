// Notebooks (nbformat 4.5): reads them, and writes them as Jupyter does.

/**
 * @typedef {{ [key: string]: any }} Json
 * @typedef {Json & { id: string, cell_type: "code" | "markdown" | "raw", source: string,
 *   metadata: Json, outputs?: Json[], execution_count?: number | null }} Cell
 * @typedef {Json & { cells: Cell[] }} Notebook
 */

/** What a file holds is no notebook; `message` is for the reader. */
export class NotNotebook extends Error {}

/**
 * Read a notebook. Sources become strings; a cell without an id gets one.
 * @param {string} text - of an .ipynb file
 * @returns {Notebook}
 * @throws {NotNotebook}
 */
export function read(text) {
  let notebook;
  try {
    notebook = JSON.parse(text);
  } catch {
    throw new NotNotebook("This file is no notebook: it is not written in JSON. Choose an .ipynb file.");
  }
  if (notebook?.nbformat !== 4 || !Array.isArray(notebook.cells)) {
    throw new NotNotebook("This file is no notebook that this page can read (format 4). Choose an .ipynb file.");
  }
  const used = new Set();
  const cells = notebook.cells.filter(isCell).map((/** @type {Json} */ cell) => {
    const metadata = isObject(cell.metadata) ? cell.metadata : {};
    const id = unused(gradeId({ metadata }) || (typeof cell.id === "string" && cell.id) || "cell", used);
    return { ...cell, id, metadata, source: joined(cell.source) };
  });
  return { ...notebook, cells };
}

/** @param {any} value */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {any} cell */
const isCell = (cell) => isObject(cell) && ["code", "markdown", "raw"].includes(cell.cell_type);

/** @param {any} source - a string, or a list of lines */
const joined = (source) => (Array.isArray(source) ? source.join("") : String(source ?? ""));

/**
 * Give an id that no other cell has, and note it.
 * @param {string} id
 * @param {Set<string>} used
 */
export function unused(id, used) {
  let free = id;
  for (let number = 2; used.has(free); number++) free = `${id}-${number}`;
  used.add(free);
  return free;
}

/**
 * Write a notebook as Jupyter saves it: sorted keys, an indentation of one, a list of lines for text.
 * @param {Notebook} notebook
 */
export function write(notebook) {
  const cells = notebook.cells.map((cell) => {
    const { source, outputs, execution_count, ...rest } = cell;
    const common = { ...rest, source: lines(source) };
    if (cell.cell_type !== "code") return common;
    return { ...common, execution_count: execution_count ?? null, outputs: (outputs ?? []).map(written) };
  });
  return `${JSON.stringify(sorted({ ...notebook, cells, nbformat: 4, nbformat_minor: 5 }), null, 1)}\n`;
}

/** @param {Json} output */
function written(output) {
  if (output.output_type === "stream") return { ...output, text: lines(output.text) };
  if (!output.data) return output;
  const data = Object.entries(output.data).map(([kind, value]) => [
    kind,
    kind.startsWith("text/") && typeof value === "string" ? lines(value) : value,
  ]);
  return { ...output, data: Object.fromEntries(data) };
}

/** @param {any} text */
const lines = (text) => (typeof text === "string" ? (text.match(/[^\n]*\n|[^\n]+$/g) ?? []) : text);

/** @param {any} value @returns {any} */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

/** @param {{ metadata: Json }} cell */
const nbgrader = (cell) => (isObject(cell.metadata.nbgrader) ? cell.metadata.nbgrader : {});

/** @param {{ metadata: Json }} cell @returns {string} */
export const gradeId = (cell) => String(nbgrader(cell).grade_id ?? "");

/** Whether a learner writes in a cell. @param {Cell} cell */
export const isAnswer = (cell) => Boolean(nbgrader(cell).solution);

/** Whether a cell is a check of a function. @param {Cell} cell */
export const isCheck = (cell) => Boolean(nbgrader(cell).grade) && !nbgrader(cell).solution;

/** Whether a cell is the instructor's alone. @param {Cell} cell */
export const isLocked = (cell) => Boolean(nbgrader(cell).locked);

/** The function that a check checks. @param {Cell} cell */
export const checked = (cell) => gradeId(cell).replace(/-check$/, "");
