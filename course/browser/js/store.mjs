// Keeps work in the browser, under keys with a version; nothing is ever overwritten unseen.
//
// lstm-gate-by-gate/1/<assignment>/<release>          the work on a release
// lstm-gate-by-gate/1/<assignment>/<release>/<time>   work that other work took the place of
// lstm-gate-by-gate/1/quiz/<quiz>                     the answer that was chosen in a quiz

/** @import { Work } from "./work.mjs" */

const PREFIX = "lstm-gate-by-gate/1/";
const QUIZZES = `${PREFIX}quiz/`;
const FORMAT = "lstm-gate-by-gate: all work";

/** What should be stored, or read, cannot be; `message` is for the reader. */
export class StoreFailed extends Error {}

const NO_STORE =
  "This browser keeps nothing for this page: a private window, or a setting, forbids it. What you write" +
  " is lost when you leave the page, unless you download the notebook.";
const FULL =
  "The browser's store for this site is full. Your last changes are not kept there: download the notebook," +
  " or remove earlier work.";
const NOT_WORK = "This file does not hold work that was exported from this course.";

/** @typedef {{ key: string, work: Work }} Kept */

/** @typedef {Pick<Storage, "length" | "key" | "getItem" | "setItem" | "removeItem">} Items */

/** What a page remembers until the reader leaves it. @returns {Items} */
function memory() {
  const items = new Map();
  return {
    get length() {
      return items.size;
    },
    key: (number) => [...items.keys()][number] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, text) => void items.set(key, text),
    removeItem: (key) => void items.delete(key),
  };
}

/** @param {() => Items} storage @returns {Items | undefined} undefined where nothing is in it or can be */
function usable(storage) {
  try {
    const items = storage();
    return items.length || !trial(items) ? items : undefined;
  } catch {
    return undefined;
  }
}

/** Try to keep something; say why that cannot be. @param {Items} items */
function trial(items) {
  try {
    items.setItem(`${PREFIX}test`, "");
    items.removeItem(`${PREFIX}test`);
    return "";
  } catch {
    return FULL;
  }
}

export class Store {
  #lasting;
  #storage;

  /** @param {() => Items} storage - throws where the browser has none for this page */
  constructor(storage) {
    this.#lasting = usable(storage);
    this.#storage = this.#lasting ?? memory();
  }

  /** Why nothing can be kept; "" if it can. */
  get problem() {
    return this.#lasting ? trial(this.#lasting) : NO_STORE;
  }

  /** @param {{ assignment: string, release: string }} work */
  key({ assignment, release }) {
    return `${PREFIX}${assignment}/${release}`;
  }

  /** @param {string} key */
  text(key) {
    return this.#storage.getItem(key) ?? "";
  }

  /**
   * @param {string} key
   * @returns {Work | undefined}
   */
  read(key) {
    return asWork(this.text(key));
  }

  /**
   * @param {Work} work
   * @param {string} key
   * @throws {StoreFailed}
   */
  save(work, key = this.key(work)) {
    this.#set(key, JSON.stringify(work));
  }

  /** @param {string} key @param {string} text */
  #set(key, text) {
    try {
      this.#storage.setItem(key, text);
    } catch {
      throw new StoreFailed(FULL);
    }
  }

  /** The answer that was chosen in a quiz; "" if none was. @param {string} quiz */
  choice(quiz) {
    return this.text(QUIZZES + quiz);
  }

  /**
   * @param {string} quiz
   * @param {string} answer
   * @throws {StoreFailed}
   */
  choose(quiz, answer) {
    this.#set(QUIZZES + quiz, answer);
  }

  /** The answers that were chosen, by the names of the quizzes. */
  choices() {
    const quizzes = this.#keys(QUIZZES).map((key) => key.slice(QUIZZES.length));
    return Object.fromEntries(quizzes.map((quiz) => [quiz, this.choice(quiz)]));
  }

  /** @param {string} begin */
  #keys(begin) {
    const keys = Array.from({ length: this.#storage.length }, (_, number) => this.#storage.key(number) ?? "");
    return keys.filter((key) => key.startsWith(begin));
  }

  /**
   * Keep a copy of work before other work takes its place, if there is none yet.
   * @param {Work} work
   * @throws {StoreFailed}
   */
  keep(work) {
    this.save(work, this.#free(work));
  }

  /** @param {Work} work */
  #free(work) {
    const first = `${this.key(work)}/${work.saved}`;
    let key = first;
    const taken = () => this.text(key) && this.text(key) !== JSON.stringify(work);
    for (let number = 2; taken(); number++) key = `${first}-${number}`;
    return key;
  }

  /** @param {string} key */
  remove(key) {
    this.#storage.removeItem(key);
  }

  /**
   * All work, the last first.
   * @param {string} [assignment]
   * @returns {Kept[]}
   */
  all(assignment) {
    const begin = assignment ? `${PREFIX}${assignment}/` : PREFIX;
    const kept = [];
    for (const key of this.#keys(begin)) {
      const work = this.read(key);
      if (work) kept.push({ key, work });
    }
    return kept.sort((one, other) => (one.work.saved < other.work.saved ? 1 : -1));
  }

  /** Everything as the text of one file. */
  exported() {
    const content = { format: FORMAT, version: 1, work: this.all(), quizzes: this.choices() };
    return `${JSON.stringify(content, null, 1)}\n`;
  }

  /**
   * Add what a file holds. Work that would be overwritten is kept as well; so is the answer to a quiz.
   * @param {string} text
   * @returns {number} how many pieces of work, and answers to quizzes, were added
   * @throws {StoreFailed}
   */
  imported(text) {
    let content;
    try {
      content = JSON.parse(text);
    } catch {
      throw new StoreFailed(NOT_WORK);
    }
    if (content?.format !== FORMAT || !Array.isArray(content.work)) throw new StoreFailed(NOT_WORK);
    if (content.version !== 1) {
      throw new StoreFailed("This file comes from a newer version of the course. Reload this page.");
    }
    let added = 0;
    for (const kept of content.work) {
      if (this.#add(String(kept?.key), asWork(JSON.stringify(kept?.work ?? null)))) added++;
    }
    for (const [quiz, answer] of Object.entries(content.quizzes ?? {})) {
      if (!areTexts(answer) || this.choice(quiz)) continue;
      this.choose(quiz, answer);
      added++;
    }
    return added;
  }

  /**
   * @param {string} key
   * @param {Work | undefined} work
   */
  #add(key, work) {
    if (!work || !key.startsWith(this.key(work))) return false;
    const there = this.read(key);
    if (JSON.stringify(there) === JSON.stringify(work)) return false;
    if (there && there.saved > work.saved) this.keep(work);
    else {
      if (there) this.keep(there);
      this.save(work, key);
    }
    return true;
  }
}

/**
 * @param {string} text
 * @returns {Work | undefined} undefined where a text is no work that this version can read
 */
function asWork(text) {
  let work;
  try {
    work = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (work?.version !== 1 || !areTexts(work.assignment, work.release, work.saved)) return undefined;
  if (!Array.isArray(work.cells) || !work.cells.every(isEntry)) return undefined;
  const ids = new Set();
  return {
    ...work,
    cells: work.cells.filter((/** @type {{ id: string }} */ { id }) => !ids.has(id) && ids.add(id)),
    results: Object.fromEntries(Object.entries(work.results ?? {}).filter(([, result]) => isResult(result))),
    shown: Array.isArray(work.shown) ? work.shown.filter((/** @type {any} */ name) => areTexts(name)) : [],
    points: Number(work.points) || 0,
    possible: Number(work.possible) || 0,
  };
}

/** @param {any[]} values */
const areTexts = (...values) => values.every((value) => typeof value === "string");

/** @param {any} entry */
const isEntry = (entry) =>
  areTexts(entry?.id, entry?.source ?? "") && [undefined, "code", "markdown", "raw"].includes(entry.own);

/** @param {any} result */
const isResult = (result) =>
  typeof result?.ok === "boolean" && areTexts(result.diagnosis, result.text, result.source) &&
  ["undefined", "number"].includes(typeof result.share);
