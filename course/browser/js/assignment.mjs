// A learner's work on an assignment, in the browser's store: what was written, what agrees. No page.
import { isCheck, isLocked } from "./notebook.mjs";
import { cellsOf, entriesOf, notebookOf, untouched } from "./work.mjs";

/** @import { Cell, Notebook } from "./notebook.mjs" */
/** @import { Outcome, Output, Source } from "./protocol.mjs" */
/** @import { Kept, Store } from "./store.mjs" */
/** @import { Work } from "./work.mjs" */

/**
 * @typedef {{ points: number, checked: boolean, section?: { name: string, address: string },
 *   look?: string }} Graded - a function or a written answer. look: where to look, for a hint.
 * @typedef {{ name: string, title: string, release: string, notebook: Notebook, record: string[],
 *   graded: { [name: string]: Graded }, shown: { [cell: string]: Output[] } }} Data - an assignment, as course/browser/site.py writes it
 * @typedef {"not checked" | "not started" | "differs" | "agrees" | "agrees in part" |
 *   "changed since the check"} Status
 */

/** A notebook is not one of this assignment; `message` is for the reader. */
export class OtherNotebook extends Error {}

/** The share of its points that a function earns where it agrees. @param {Outcome} outcome */
export const shareOf = ({ share = 1 }) => share;

/** Whether a cell lists where the learner stands, as the page itself does. @param {Cell} cell */
export const listsProgress = (cell) => isLocked(cell) && /^progress\(\)/m.test(cell.source);

export class Assignment {
  #stored; // what the store holds, as far as is known here
  #saved; // of the work: what is in the store

  /**
   * @param {Data} data
   * @param {Store} store
   */
  constructor(data, store) {
    this.data = data;
    this.store = store;
    const fresh = untouched(data.name, data.release, data.notebook);
    this.#stored = store.text(store.key(fresh));
    /** @type {Work} */
    this.work = store.read(store.key(fresh)) ?? fresh;
    this.#saved = this.#content();
  }

  #content() {
    const { cells, results, shown } = this.work;
    return JSON.stringify([cells, results, shown]);
  }

  /** Whether there is something to save. */
  get changed() {
    return this.#content() !== this.#saved;
  }

  /** Whether another page has saved work on this assignment since. */
  get overtaken() {
    const text = this.store.text(this.key);
    return text !== "" && text !== this.#stored;
  }

  get key() {
    return this.store.key(this.work);
  }

  /** The cells of the learner's notebook. */
  cells() {
    return cellsOf(this.data.notebook, this.work.cells);
  }

  /** @param {string} id */
  isOwn(id) {
    return this.work.cells.some((entry) => entry.id === id && entry.own);
  }

  /** The source of a cell as released; "" for one of the learner's own. @param {string} id */
  released(id) {
    return this.data.notebook.cells.find((cell) => cell.id === id)?.source ?? "";
  }

  /** @param {string} id */
  source(id) {
    return this.cells().find((cell) => cell.id === id)?.source ?? "";
  }

  /**
   * The code from the top of the notebook down to a cell, without checks.
   * @param {string} id
   * @returns {Source[]}
   */
  codeDownTo(id) {
    const cells = this.cells();
    const above = cells.slice(0, cells.findIndex((cell) => cell.id === id) + 1);
    const runs = above.filter((cell) => cell.cell_type === "code" && !isCheck(cell) && !listsProgress(cell));
    // What needs Keras is not run: Python has what it showed and defined.
    return runs.map(({ id, source }) => ({ id, source: id in this.data.shown ? "" : source }));
  }

  /** @param {string} name - of a function @returns {Status} */
  status(name) {
    const result = this.work.results[`${name}-check`];
    if (!result) return "not checked";
    if (result.source !== this.source(name)) return "changed since the check";
    if (result.ok) return shareOf(result) === 1 ? "agrees" : "agrees in part";
    return result.diagnosis === "not started" ? "not started" : "differs";
  }

  /** The points that a function has earned. @param {string} name */
  reached(name) {
    const agrees = this.status(name).startsWith("agrees");
    return agrees ? shareOf(this.work.results[`${name}-check`]) * this.data.graded[name].points : 0;
  }

  /** The points of checks that agree, those that checks give, and those that a person gives. */
  points() {
    let [points, possible, read] = [0, 0, 0];
    for (const [name, graded] of Object.entries(this.data.graded)) {
      if (!graded.checked) read += graded.points;
      else possible += graded.points;
      if (graded.checked) points += this.reached(name);
    }
    return { points, possible, read };
  }

  /** @param {string} id @param {string} source */
  write(id, source) {
    const entry = this.work.cells.find((each) => each.id === id);
    if (!entry) return;
    if (entry.own || source !== this.released(id)) entry.source = source;
    else delete entry.source;
  }

  /** Add a cell of the learner's own below another. @param {string} after @returns {string} its id */
  addCell(after) {
    const ids = new Set(this.work.cells.map(({ id }) => id));
    let number = 1;
    while (ids.has(`own-${number}`)) number++;
    const place = this.work.cells.findIndex(({ id }) => id === after) + 1;
    this.work.cells.splice(place, 0, { id: `own-${number}`, own: "code", source: "" });
    return `own-${number}`;
  }

  /** @param {string} id */
  removeCell(id) {
    this.work.cells = this.work.cells.filter((entry) => entry.id !== id || !entry.own);
  }

  /** Note what a check says of the answer as it was. @param {string} check @param {Outcome} outcome @param {string} source */
  note(check, outcome, source) {
    this.work.results[check] = { ...outcome, source };
  }

  /** Note that a solution was shown. @param {string} name - of the function */
  noteShown(name) {
    if (!this.work.shown.includes(name)) this.work.shown.push(name);
  }

  /**
   * Save what has changed. What another page has saved meanwhile is kept.
   * @throws {import("./store.mjs").StoreFailed}
   */
  save() {
    if (!this.changed) return;
    const there = this.overtaken && this.store.read(this.key);
    if (there) this.store.keep(there);
    const { points, possible } = this.points();
    Object.assign(this.work, { points, possible, saved: new Date().toISOString() });
    this.store.save(this.work);
    this.#stored = this.store.text(this.key);
    this.#saved = this.#content();
  }

  /** Whether anything has been written, checked or shown. */
  get begun() {
    const { cells, results, shown } = this.work;
    return cells.some((entry) => entry.source !== undefined) || Object.keys(results).length + shown.length > 0;
  }

  /**
   * Take over work from elsewhere. What was here is kept.
   * @param {Work} work
   */
  adopt(work) {
    this.keep();
    const { cells } = entriesOf(this.data.notebook, { cells: cellsOf(this.data.notebook, work.cells) });
    this.work = { ...untouched(this.data.name, this.data.release, this.data.notebook), cells, shown: work.shown };
    if (work.release === this.data.release) this.work.results = work.results;
  }

  /**
   * Take over a notebook from a file. What was here is kept.
   * @param {Notebook} notebook
   * @throws {OtherNotebook}
   */
  open(notebook) {
    const { cells, answers } = entriesOf(this.data.notebook, notebook);
    if (!answers) {
      const [name] = Object.keys(this.data.graded);
      throw new OtherNotebook(`This is not a notebook of the assignment ${this.data.title}: it has no cell named ${name}.`);
    }
    this.keep();
    this.work = { ...untouched(this.data.name, this.data.release, this.data.notebook), cells };
  }

  startAgain() {
    this.keep();
    this.work = untouched(this.data.name, this.data.release, this.data.notebook);
  }

  /** Keep a copy of the work, if there is any. */
  keep() {
    if (!this.begun) return;
    this.work.saved ||= new Date().toISOString();
    this.store.keep(this.work);
  }

  /** Other work on this assignment, the last first: earlier releases, and what was replaced. @returns {Kept[]} */
  earlier() {
    return this.store.all(this.data.name).filter(({ key }) => key !== this.key);
  }

  /**
   * The notebook to hand in.
   * @param {Map<string, { outputs: Output[], count: number }>} ran - what cells showed, by id
   * @param {Work} [work]
   */
  notebook(ran, work = this.work) {
    return notebookOf(this.data.notebook, work, ran);
  }
}
