// Python, as a page sees it: a worker that runs cells, one request at a time.

/** @import { Files, FromWorker, Outcome, Output, Run, Source, ToWorker } from "./protocol.mjs" */

/** Python was stopped before a request ended, or broke off; `message` is for the reader. */
export class Interrupted extends Error {}

/**
 * @typedef {{ phase: "asleep" | "starting" | "ready" | "running" | "failed", text: string,
 *   loaded?: number, total?: number }} State - text: for the reader. loaded, total: in bytes.
 * @typedef {{ run: Run, show: (cell: string, output: Output) => void,
 *   resolve: (outcome: Outcome | undefined) => void, reject: (error: Interrupted) => void }} Request
 */

const NO_WORKER =
  "Python could not be loaded. Is there a connection? Then press again. If that does not help, this browser" +
  " may be too old: use a newer one, or download the notebook.";

export class Python {
  #base;
  #files;
  #record;
  #changed;
  /** @type {Worker | undefined} */
  #worker;
  /** @type {Request | undefined} */
  #request;
  #number = 0;
  #ready = false;
  #failed = false;

  /**
   * @param {string} base - the address of the folder that `files` describes
   * @param {Files} files
   * @param {string[]} record - the paths of an assignment's record there; none for other code
   * @param {(state: State) => void} changed - called when the state changes
   */
  constructor(base, files, record, changed) {
    this.#base = base;
    this.#files = files;
    this.#record = record;
    this.#changed = changed;
  }

  /** Start Python ahead of a request, unless it has failed: then the reader says when to try again. */
  prepare() {
    if (!this.#failed) this.start();
  }

  /** Start Python, if it does not run. */
  start() {
    if (this.#worker) return;
    this.#changed({ phase: "starting", text: "Python is starting." });
    this.#ready = this.#failed = false;
    const program = new URL(`worker.js?v=${this.#files["worker.js"].sha256.slice(0, 8)}`, this.#base);
    try {
      this.#worker = this.#begin(program);
    } catch {
      this.#fail(NO_WORKER);
    }
    this.#post({ kind: "start", base: this.#base, files: this.#files, record: this.#record });
  }

  /** @param {URL} program */
  #begin(program) {
    const worker = confinedWorker(program);
    // What one that was stopped has still sent may arrive after its end.
    const current = () => worker === this.#worker;
    worker.onmessage = ({ data }) => current() && this.#receive(data);
    worker.onerror = () => current() && this.#fail(NO_WORKER);
    return worker;
  }

  /**
   * Run cells as if Python had just started, then check a function.
   * @param {Source[]} cells
   * @param {Run["check"]} check
   * @param {(cell: string, output: Output) => void} show - called for each output
   * @returns {Promise<Outcome | undefined>}
   * @throws {Interrupted}
   */
  run(cells, check, show) {
    this.start();
    const run = /** @type {Run} */ ({ kind: "run", number: ++this.#number, cells, check });
    return new Promise((resolve, reject) => {
      if (!this.#worker) return reject(new Interrupted(NO_WORKER));
      this.#request = { run, show, resolve, reject };
      this.#post(run);
      if (this.#ready) this.#changed({ phase: "running", text: "Your code is running." });
    });
  }

  get busy() {
    return this.#request !== undefined;
  }

  /** End whatever runs. Python starts again at once, so that the next request need not wait. */
  stop() {
    this.#end("Stopped. Does a loop never end?");
    this.start();
  }

  /** @param {FromWorker} message */
  #receive(message) {
    if (message.kind === "progress") {
      const { loaded, total } = message;
      const text = loaded < total ? `Python is starting: ${megabytes(loaded)} of ${megabytes(total)} MB.` : "Python is unpacking.";
      if (!this.#ready) this.#changed({ phase: "starting", text, loaded, total });
    } else if (message.kind === "ready") {
      this.#ready = true;
      if (this.#request) this.#changed({ phase: "running", text: "Your code is running." });
      else this.#changed({ phase: "ready", text: "Python is ready." });
    } else if (message.kind === "failed") {
      this.#fail(message.reason);
    } else if (message.number === this.#request?.run.number) {
      if (message.kind === "output") this.#request.show(message.cell, message.output);
      else this.#finish(message.outcome);
    }
  }

  /** @param {Outcome | undefined} outcome */
  #finish(outcome) {
    const { resolve } = /** @type {Request} */ (this.#request);
    this.#request = undefined;
    this.#changed({ phase: "ready", text: "Python is ready." });
    resolve(outcome);
  }

  /** @param {string} reason */
  #fail(reason) {
    this.#failed = true;
    this.#end(reason);
    this.#changed({ phase: "failed", text: reason });
  }

  /** @param {string} reason */
  #end(reason) {
    this.#worker?.terminate();
    this.#worker = undefined;
    const request = this.#request;
    this.#request = undefined;
    request?.reject(new Interrupted(reason));
  }

  /** @param {ToWorker} message */
  #post(message) {
    this.#worker?.postMessage(message);
  }
}

/**
 * Start a worker that is bound by this page's Content-Security-Policy.
 *
 * A worker from a server's file would be bound by no policy, but one from a blob takes over that of
 * its page (Content Security Policy Level 3, section 4.1). It waits for its program before it hears.
 * @param {URL} program
 */
function confinedWorker(program) {
  const text = `const waiting = []; onmessage = (event) => waiting.push(event);
    await import(${JSON.stringify(program.href)}); waiting.forEach((event) => onmessage(event));`;
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const worker = new Worker(address, { type: "module" });
  worker.addEventListener("message", () => URL.revokeObjectURL(address), { once: true });
  return worker;
}

/** @param {number} bytes */
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
