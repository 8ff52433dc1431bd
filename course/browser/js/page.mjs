// An assignment's page: the notebook's cells in editors, its checks as buttons.
import { Assignment, listsProgress } from "./assignment.mjs";
import { Bar } from "./bar.mjs";
import { CheckCell, WritingCell, WrittenCell } from "./cells.mjs";
import { button, download, element } from "./dom.mjs";
import { Download, DownloadFailed } from "./download.mjs";
import { receipt } from "./hand-in.mjs";
import { isAnswer, isCheck, isLocked, read, write } from "./notebook.mjs";
import { verdict } from "./outputs.mjs";
import { Interrupted, Python } from "./python.mjs";
import { Store, StoreFailed } from "./store.mjs";
import { attempt, earlierWork, tools } from "./tools.mjs";

/** @import { Data } from "./assignment.mjs" */
/** @import { Mark } from "./hand-in.mjs" */
/** @import { Cell } from "./notebook.mjs" */
/** @import { Files, Output } from "./protocol.mjs" */
/** @import { State } from "./python.mjs" */

/** @typedef {{ solutions: { [name: string]: string }, written: { [name: string]: string } }} Answers - written: as HTML */

const SAVE_AFTER = 400; // ms after the last key

/**
 * Make the page of an assignment alive.
 * @param {HTMLElement} top - where the tools go; names the assignment
 * @param {string} base - the address of the folder that `files` describes
 * @param {Files} files
 */
export async function begin(top, base, files) {
  const download = new Download(base, files);
  const data = JSON.parse(await download.text(`assignments/${top.dataset.assignment}.json`));
  data.notebook = read(JSON.stringify(data.notebook));
  new Page(data, base, files, top);
}

export class Page {
  /** @type {Map<string, WritingCell | CheckCell>} */
  #views = new Map();
  /** @type {Map<string, number>} */
  #counts = new Map();
  #notices = element("div", { class: "tab-notices", role: "status" });
  #trouble = element("div", { class: "tab-trouble", role: "status" });
  #earlier = element("div", {});
  #standing = element("div", { class: "tab-standing" });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {CheckCell | undefined} */
  #waiting;
  #bar = new Bar(() => this.python.stop());

  /**
   * @param {Data} data
   * @param {string} base
   * @param {Files} files
   * @param {HTMLElement} top
   */
  constructor(data, base, files, top) {
    this.base = base;
    this.files = files;
    this.assignment = new Assignment(data, new Store(() => localStorage));
    this.python = new Python(base, files, data.record, (state) => this.#show(state));
    top.replaceChildren(tools(this), this.#trouble, this.#notices, this.#earlier);
    document.body.append(this.#bar.node);
    this.#bar.show({ phase: "asleep", text: "Python starts when you write or press Check." });
    this.#warn(this.assignment.store.problem);
    this.#render();
    addEventListener("storage", () => this.#takeOver());
    addEventListener("pageshow", () => this.#takeOver()); // it hears of nothing while it is not shown
    addEventListener("pagehide", () => this.saveNow());
  }

  /** Say, as long as it is so, why work is not kept. @param {string} problem - "" for none */
  #warn(problem) {
    this.#trouble.replaceChildren(problem && element("p", { class: "tab-notice", text: problem }));
  }

  /** @param {string} text */
  notify(text) {
    this.#notices.replaceChildren(element("p", { class: "tab-notice", text }));
  }

  // What is on the page

  /** Show the cells. What shows a cell already stays, with its outputs. */
  #render() {
    const old = this.#views;
    this.#views = new Map();
    let before;
    for (const cell of this.assignment.cells()) {
      const shown = old.get(cell.id);
      before = this.#renderCell(cell, before, shown?.shows(cell) ? shown : undefined);
    }
    for (const [id, view] of old) if (this.#views.get(id) !== view) view.node.remove();
    this.renderResults();
    this.renderEarlier();
  }

  /**
   * @param {Cell} cell
   * @param {Element | undefined} before - what stands above
   * @param {WritingCell | CheckCell | undefined} shown - what shows it already
   * @returns {Element | undefined} what the next cell stands below
   */
  #renderCell(cell, before, shown) {
    const place = document.querySelector(`[data-cell="${CSS.escape(cell.id)}"]`);
    const view = shown ?? this.#view(cell);
    if (place) {
      place.querySelector(":scope > .tab-source")?.remove();
      if (listsProgress(cell)) place.replaceChildren(this.#standing);
      if (view && view !== shown) place.prepend(view.node);
    } else if (view && before && before.nextElementSibling !== view.node) {
      before.after(view.node); // where it stands already, it keeps the focus
    }
    if (view) this.#views.set(cell.id, view);
    return place ?? view?.node ?? before;
  }

  /** @param {Cell} cell */
  #view(cell) {
    if (isCheck(cell)) return new CheckCell(this, cell);
    if (isLocked(cell) || cell.cell_type === "raw" || cell.id in this.assignment.data.shown) return undefined;
    if (isAnswer(cell) && cell.cell_type === "markdown") return new WrittenCell(this, cell);
    const writes = cell.cell_type === "code" || this.assignment.isOwn(cell.id);
    return writes ? new WritingCell(this, cell) : undefined; // what is left is the page's text
  }

  renderResults() {
    const { assignment } = this;
    for (const view of this.#views.values()) {
      if (!(view instanceof CheckCell) || view === this.#waiting) continue;
      const result = assignment.work.results[view.cell.id];
      view.show(result, result?.source === assignment.source(view.name));
    }
    const { points, possible, read } = assignment.points();
    this.#bar.showPoints(points, possible);
    this.#standing.replaceChildren(
      standing(assignment),
      element("p", {
        text:
          `Points so far: ${points} of the ${possible} that checks give. A person gives up to ${read} more.` +
          " Further checks, with other sizes and numbers, run when the notebook is graded.",
      }),
      button("Check all", () => this.checkAll(), "tab-main"),
    );
  }

  renderEarlier() {
    this.#earlier.replaceChildren(earlierWork(this));
  }

  /** Show work that has taken the place of what was here. @param {string} text - a notice */
  replaced(text) {
    this.#counts.clear();
    for (const view of this.#views.values()) view.node.remove();
    this.#views.clear();
    this.saveNow();
    this.#render();
    this.notify(text);
  }

  /** Show what the store holds now; whoever writes in a cell goes on in it. */
  reload() {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest(".tab-writing"));
    this.assignment = new Assignment(this.assignment.data, this.assignment.store);
    this.#render();
    const view = this.#views.get(focused?.dataset.id ?? "");
    if (view instanceof WritingCell) view.editor.focus();
  }

  // What a learner does

  /** @param {string} id @param {string} text */
  write(id, text) {
    this.assignment.write(id, text);
    this.python.prepare();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.saveNow(), SAVE_AFTER);
    this.renderResults();
  }

  saveNow() {
    clearTimeout(this.#timer);
    try {
      this.assignment.save();
      this.#warn(this.assignment.store.problem);
    } catch (error) {
      if (!(error instanceof StoreFailed)) throw error;
      this.#warn(error.message);
    }
  }

  /** @param {string} after */
  addCell(after) {
    const id = this.assignment.addCell(after);
    this.#render();
    const view = this.#views.get(id);
    if (view instanceof WritingCell) view.editor.focus();
  }

  /** @param {string} id */
  removeCell(id) {
    if (this.assignment.source(id).trim() && !confirm("Remove this cell and what is in it?")) return;
    this.assignment.removeCell(id);
    this.saveNow();
    this.#render();
  }

  /** Check the function that a cell writes, or run the cell. @param {string} id */
  submit(id) {
    const check = [...this.#views.values()].find((view) => view instanceof CheckCell && view.name === id);
    if (check) this.check(check.cell.id);
    else if (this.#views.get(id)?.cell.cell_type === "code") this.run(id);
  }

  /** Run the code down to a cell. @param {string} id */
  async run(id) {
    const view = this.#views.get(id);
    if (this.python.busy || !view) return;
    const refocus = this.#begin();
    try {
      await this.python.run(this.assignment.codeDownTo(id), undefined, (cell, output) => this.#output(cell, output));
    } catch (error) {
      const text = `${interrupted(error)}\n`;
      view.outputs.add({ output_type: "stream", name: "stderr", text });
    }
    refocus();
  }

  /**
   * @param {string} id - of a check's cell
   * @returns {Promise<boolean>} whether the check was made
   */
  async check(id) {
    const view = this.#views.get(id);
    if (this.python.busy || !(view instanceof CheckCell)) return false;
    const refocus = this.#begin();
    this.#waiting = view;
    view.outputs.clear();
    view.wait("Checking ...");
    const source = this.assignment.source(view.name);
    try {
      const check = { cell: id, name: view.name };
      const outcome = await this.python.run(this.assignment.codeDownTo(id), check, (cell, output) => this.#output(cell, output));
      if (outcome) this.assignment.note(id, outcome, source);
    } catch (error) {
      view.wait(interrupted(error));
      return false;
    } finally {
      this.#waiting = undefined;
      refocus();
    }
    this.saveNow();
    this.renderResults();
    return true;
  }

  /** Check one function after the other, until one is stopped. */
  async checkAll() {
    for (const [id, view] of [...this.#views]) {
      if (view instanceof CheckCell && !(await this.check(id))) return;
    }
  }

  /** Give the learner the notebook as a file. */
  download() {
    download(`${this.assignment.data.name}.ipynb`, this.#written(), "application/x-ipynb+json");
  }

  /** Hand the notebook in to the learning platform. @param {Mark} mark */
  async handIn(mark) {
    this.#notices.replaceChildren(element("p", { class: "tab-notice", text: "Handing in ..." }));
    this.#notices.replaceChildren(await receipt(mark, this.#written()));
  }

  /** Write the notebook, with the outputs that the page shows. */
  #written() {
    this.saveNow();
    const shown = Object.entries(this.assignment.data.shown);
    const ran = new Map(shown.map(([id, outputs]) => [id, { outputs, count: 1 }]));
    for (const [id, view] of this.#views) {
      const count = this.#counts.get(id);
      const result = view instanceof CheckCell ? this.assignment.work.results[id] : undefined;
      if (count) ran.set(id, { outputs: [...view.outputs.list, ...(result ? [verdict(result)] : [])], count });
    }
    return write(this.assignment.notebook(ran));
  }

  // The course's own answers

  get answersPath() {
    return `answers/${this.assignment.data.name}.json`;
  }

  get hasAnswers() {
    return this.answersPath in this.files;
  }

  /** The answers; undefined where they cannot be loaded, which the reader is told. @returns {Promise<Answers | undefined>} */
  async answers() {
    try {
      return JSON.parse(await new Download(this.base, this.files).text(this.answersPath));
    } catch (error) {
      if (!(error instanceof DownloadFailed)) throw error;
      this.notify(error.message);
      return undefined;
    }
  }

  /** The solution of a function; undefined if the reader would rather not see it. @param {string} name */
  async solution(name) {
    const question = `Show the solution of ${name} before your own agrees? Your notebook will say so.`;
    const agrees = this.assignment.status(name) === "agrees";
    if (!agrees && !confirm(question)) return undefined;
    const answers = await this.answers();
    if (answers && !agrees) {
      this.assignment.noteShown(name);
      this.saveNow();
    }
    return answers?.solutions[name];
  }

  // What comes back

  /** @param {string} cell @param {Output} output */
  #output(cell, output) {
    const view = this.#views.get(cell);
    if (output.output_type === "begin") {
      view?.outputs.clear();
      this.#counts.set(cell, ++this.#count);
    } else {
      view?.outputs.add(output);
    }
  }
  #count = 0;

  /** Forget notices; the result gives the focus back where the button that had it is gone. */
  #begin() {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    this.#notices.replaceChildren();
    return () => {
      if (document.activeElement === document.body) focused?.focus();
    };
  }

  /** @param {State} state */
  #show(state) {
    this.#bar.show(state);
    if (state.phase === "starting") this.#waiting?.wait(state.text);
    else if (state.phase === "running") this.#waiting?.wait("Checking ...");
  }

  /** Show what another page has saved; what is not saved here is kept. */
  #takeOver() {
    if (!this.assignment.overtaken) return;
    attempt(this, () => {
      if (this.assignment.changed) this.assignment.keep();
      this.reload();
      this.notify("You have worked on this assignment in another tab. This page now shows what you wrote there.");
    });
  }
}

/** The sentence for a request that was stopped or broke off. @param {unknown} error */
function interrupted(error) {
  if (!(error instanceof Interrupted)) throw error;
  return error.message;
}

/** A table of where the learner stands. @param {Assignment} assignment */
function standing(assignment) {
  const rows = Object.entries(assignment.data.graded).map(([name, { points, checked }]) => {
    const status = checked ? assignment.status(name) : "read by a person";
    const reached = checked ? `${assignment.reached(name)} of ${points}` : `up to ${points}`;
    const cells = [status, reached].map((text) => element("td", { text }));
    const words = name.split(/(?<=_)/); // on a telephone a name breaks after an underscore
    const broken = words.flatMap((word) => [element("wbr"), word]);
    return element("tr", {}, element("th", { scope: "row" }, ...broken), ...cells);
  });
  const head = ["function", "check", "points"].map((text) => element("th", { scope: "col", text }));
  return element(
    "table",
    { class: "table" },
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...rows),
  );
}
