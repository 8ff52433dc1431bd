// An editor for Python or for text: a plain field at once, and CodeMirror when a reader comes to it.
import { element } from "./dom.mjs";

/** @import { EditorView } from "@codemirror/view" */

/**
 * @typedef {{ text: string, label: string, code: boolean, changed: (text: string) => void,
 *   submit: () => void }} Settings
 *   label: for screen readers. code: Python, otherwise text. submit: called at Ctrl-Enter.
 */

/** Can be written in from the start; CodeMirror takes over the text, the focus and what is selected. */
export class Editor {
  #settings;
  #field;
  /** @type {EditorView | undefined} */
  #view;

  /**
   * @param {Element} parent
   * @param {Settings} settings
   */
  constructor(parent, settings) {
    this.#settings = settings;
    this.#field = field(settings, () => this.#open());
    parent.append(this.#field);
    const near = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      near.disconnect();
      this.#open();
    }, { rootMargin: "50% 0px" });
    near.observe(this.#field);
  }

  get text() {
    return this.#view?.state.doc.toString() ?? this.#field.value;
  }

  /** Replace the whole text, as one step to undo. @param {string} text */
  async replace(text) {
    const view = await this.#open();
    view?.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    if (view) return;
    this.#field.value = text;
    this.#settings.changed(text);
  }

  focus() {
    if (this.#view) this.#view.focus();
    else this.#field.focus();
  }

  /** Put CodeMirror in the place of the field, or say that it could not be loaded. */
  async #open() {
    const loaded = await import("./codemirror.mjs").catch(() => undefined);
    if (loaded && !this.#view) {
      const { value, selectionStart, selectionEnd } = this.#field;
      const focused = document.activeElement === this.#field;
      this.#view = loaded.view({ ...this.#settings, text: value });
      this.#view.dispatch({ selection: { anchor: selectionStart, head: selectionEnd } });
      this.#field.replaceWith(this.#view.dom);
      if (focused) this.#view.focus();
    } else if (!loaded && !this.#field.previousElementSibling) {
      const text = "This editor could not be loaded, and a plain field is in its place. Is there a connection? Then reload the page.";
      this.#field.before(element("p", { class: "tab-notice", role: "status", text }));
    }
    return this.#view;
  }
}

/**
 * @param {Settings} settings
 * @param {() => void} reached - called when it gets the focus
 */
function field({ text, label, changed, submit }, reached) {
  const area = element("textarea", {
    class: "tab-code",
    "aria-label": label,
    rows: String(text.split("\n").length),
    spellcheck: "false",
    autocapitalize: "off",
    autocorrect: "off",
    focus: reached,
    input: () => changed(area.value),
    keydown: (event) => {
      event.stopPropagation(); // for Sphinx, / goes to the search
      const { key, ctrlKey, metaKey, shiftKey } = /** @type {KeyboardEvent} */ (event);
      if (key !== "Enter" || !(ctrlKey || metaKey || shiftKey)) return;
      event.preventDefault();
      submit();
    },
    text,
  });
  return area;
}
