// An editor for Python or for text. It shows its text at once, and loads CodeMirror when there is time.
import { element } from "./dom.mjs";

/** @import { EditorView } from "@codemirror/view" */

/**
 * @typedef {{ text: string, label: string, code: boolean, changed: (text: string) => void,
 *   submit: () => void }} Settings
 *   label: for screen readers. code: Python, otherwise text. submit: called at Ctrl-Enter.
 */

/** Editors that nobody has needed yet. @type {Editor[]} */
const waiting = [];

/** Call a function when the browser has time. @type {(action: () => void) => void} */
const whenIdle = globalThis.requestIdleCallback ?? ((action) => setTimeout(action));

/** Open one editor after the other, so that the page answers in between. */
async function openWaiting() {
  try {
    await waiting[0].open();
    waiting.shift();
    if (waiting.length) whenIdle(openWaiting);
  } catch {
    for (const editor of waiting) editor.apologise();
  }
}

export class Editor {
  #settings;
  #place;
  /** @type {EditorView | undefined} */
  #view;

  /**
   * @param {Element} parent
   * @param {Settings} settings
   */
  constructor(parent, settings) {
    this.#settings = settings;
    this.#place = element("pre", { class: "tab-code", text: settings.text });
    parent.append(this.#place);
    if (waiting.push(this) === 1) whenIdle(openWaiting);
  }

  get text() {
    return this.#view?.state.doc.toString() ?? this.#settings.text;
  }

  /** Replace the whole text, as one step to undo. @param {string} text */
  async replace(text) {
    const view = await this.open();
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  }

  async focus() {
    (await this.open()).focus();
  }

  apologise() {
    const text = "This editor could not be loaded. Is there a connection? Then reload the page.";
    this.#place.before(element("p", { class: "tab-notice", text }));
  }

  /** Put CodeMirror in the place of the text. Raises TypeError where it cannot be loaded. */
  async open() {
    const { view } = await import("./codemirror.mjs");
    if (!this.#view) {
      this.#view = view(this.#settings);
      this.#place.replaceWith(this.#view.dom);
    }
    return this.#view;
  }
}
