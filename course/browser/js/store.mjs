// Keeps work in the browser, under keys with a version; nothing is ever overwritten unseen.
//
// lstm-gate-by-gate/1/<assignment>/<release>          the work on a release
// lstm-gate-by-gate/1/<assignment>/<release>/<time>   work that other work took the place of

/** @import { Work } from "./work.mjs" */

const PREFIX = "lstm-gate-by-gate/1/";
const FORMAT = "lstm-gate-by-gate: all work";

/** What should be stored, or read, cannot be; `message` is for the reader. */
export class StoreFailed extends Error {}

const NO_STORE =
  "This browser keeps nothing for this page: a private window, or a setting, forbids it. What you write" +
  " is lost when you close the page, unless you download the notebook.";
const FULL =
  "The browser's store for this site is full. Your last changes are not kept there: download the notebook.";
const NOT_WORK = "This file does not hold work that was exported from this course.";

/** @typedef {{ key: string, work: Work }} Kept */

export class Store {
  #storage;

  /** @param {() => Storage} storage - throws where the browser has none for this page */
  constructor(storage) {
    try {
      this.#storage = storage();
      this.#storage.setItem(`${PREFIX}test`, "");
      this.#storage.removeItem(`${PREFIX}test`);
    } catch {
      this.#storage = undefined;
    }
  }

  /** Why nothing can be kept; "" if it can. */
  get problem() {
    return this.#storage ? "" : NO_STORE;
  }

  /** @param {{ assignment: string, release: string }} work */
  key({ assignment, release }) {
    return `${PREFIX}${assignment}/${release}`;
  }

  /**
   * @param {string} key
   * @returns {Work | undefined}
   */
  read(key) {
    return asWork(this.#storage?.getItem(key) ?? "");
  }

  /**
   * @param {Work} work
   * @param {string} key
   * @throws {StoreFailed}
   */
  save(work, key = this.key(work)) {
    if (!this.#storage) throw new StoreFailed(NO_STORE);
    try {
      this.#storage.setItem(key, JSON.stringify(work));
    } catch {
      throw new StoreFailed(FULL);
    }
  }

  /**
   * Keep a copy of work before other work takes its place.
   * @param {Work} work
   * @throws {StoreFailed}
   */
  keep(work) {
    this.save(work, this.#free(work));
  }

  /** @param {Work} work */
  #free(work) {
    const key = `${this.key(work)}/${work.saved}`;
    let number = 1;
    while (this.#storage?.getItem(number === 1 ? key : `${key}-${number}`) != null) number++;
    return number === 1 ? key : `${key}-${number}`;
  }

  /** @param {string} key */
  remove(key) {
    this.#storage?.removeItem(key);
  }

  /**
   * All work, the last first.
   * @param {string} [assignment]
   * @returns {Kept[]}
   */
  all(assignment) {
    const begin = assignment ? `${PREFIX}${assignment}/` : PREFIX;
    const kept = [];
    for (let number = 0; number < (this.#storage?.length ?? 0); number++) {
      const key = this.#storage?.key(number) ?? "";
      const work = key.startsWith(begin) && this.read(key);
      if (work) kept.push({ key, work });
    }
    return kept.sort((one, other) => (one.work.saved < other.work.saved ? 1 : -1));
  }

  /** Everything as the text of one file. */
  exported() {
    return `${JSON.stringify({ format: FORMAT, version: 1, work: this.all() }, null, 1)}\n`;
  }

  /**
   * Add what a file holds. Work that would be overwritten is kept as well.
   * @param {string} text
   * @returns {number} how many pieces of work were added
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
  const texts = ["assignment", "release", "saved"].every((name) => typeof work?.[name] === "string");
  const entries = Array.isArray(work?.cells) && work.cells.every(isEntry);
  if (!texts || !entries || work.version !== 1) return undefined;
  const results = typeof work.results === "object" && work.results ? work.results : {};
  return { ...work, results, shown: Array.isArray(work.shown) ? work.shown : [] };
}

/** @param {any} entry */
const isEntry = (entry) => typeof entry?.id === "string" && typeof (entry.source ?? "") === "string";
