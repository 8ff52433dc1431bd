// What the page and the worker say to each other.

/**
 * @typedef {{ size: number, sha256: string }} FileFacts
 * @typedef {{ [path: string]: FileFacts }} Files - what the folder `tab/` of the site serves
 *
 * @typedef {{ id: string, source: string }} Source - of a code cell
 * @typedef {{ [key: string]: any, output_type: string }} Output - of a cell, as nbformat 4.5 has it
 * @typedef {{ ok: boolean, diagnosis: string, text: string, share?: number }} Outcome - of a check
 *   share: of the points that the function earns if it agrees; all where it is missing.
 *
 * @typedef {{ kind: "start", base: string, files: Files, record: string[] }} Start
 *   base: the address of `tab/`. record: the paths of an assignment's record there, or none.
 * @typedef {{ kind: "run", number: number, cells: Source[], check?: { cell: string, name: string } }} Run
 *   Runs cells, as if Python had just started, then checks a function.
 * @typedef {Start | Run} ToWorker
 *
 * @typedef {{ kind: "progress", loaded: number, total: number }} Progress - in bytes
 * @typedef {{ kind: "output", number: number, cell: string, output: Output }} CellOutput
 * @typedef {{ kind: "done", number: number, outcome?: Outcome }} Done
 * @typedef {{ kind: "failed", reason: string }} Failed - Python cannot go on; reason: a sentence
 * @typedef {Progress | { kind: "ready" } | CellOutput | Done | Failed} FromWorker
 */

export {};
