// An editor for Python or for text. CodeMirror is loaded for those that a reader comes to.
import { element } from "./dom.mjs";

/** @import { EditorView } from "@codemirror/view" */

/**
 * @typedef {{ text: string, label: string, code: boolean, changed: (text: string) => void,
 *   submit: () => void }} Settings
 *   label: for screen readers. code: Python, otherwise text. submit: called at Ctrl-Enter.
 */

/** Shows a text at once, and loads CodeMirror for it when it comes near or gets the focus. */
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
    this.#place = element("pre", {
      class: "tab-code",
      tabindex: "0",
      role: "textbox",
      "aria-multiline": "true",
      "aria-label": settings.label,
      focus: () => this.#open(),
      text: settings.text,
    });
    parent.append(this.#place);
    const near = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      near.disconnect();
      this.#open();
    }, { rootMargin: "50% 0px" });
    near.observe(this.#place);
  }

  get text() {
    return this.#view?.state.doc.toString() ?? this.#settings.text;
  }

  /** Replace the whole text, as one step to undo. @param {string} text */
  async replace(text) {
    const view = await this.#open();
    view?.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  }

  async focus() {
    (await this.#open())?.focus();
  }

  /** Put CodeMirror in the place of the text, or say that it could not be loaded. */
  async #open() {
    const loaded = await import("./codemirror.mjs").catch(() => undefined);
    if (loaded && !this.#view) {
      const focused = document.activeElement === this.#place;
      this.#view = loaded.view(this.#settings);
      this.#place.replaceWith(this.#view.dom);
      if (focused) this.#view.focus();
    } else if (!loaded && !this.#place.previousElementSibling) {
      const text = "This editor could not be loaded. Is there a connection? Then reload the page.";
      this.#place.before(element("p", { class: "tab-notice", role: "status", text }));
    }
    return this.#view;
  }
}
