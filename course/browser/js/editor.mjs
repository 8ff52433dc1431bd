// An editor for Python or for text: CodeMirror, set up for this course.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { element } from "./dom.mjs";

/**
 * @typedef {{ text: string, label: string, code: boolean, changed: (text: string) => void,
 *   submit: () => void }} Settings
 *   label: for screen readers. code: Python, otherwise text. submit: called at Ctrl-Enter.
 */

const CODE = [
  lineNumbers(),
  python(),
  syntaxHighlighting(classHighlighter), // the colours are in tab.css
  indentUnit.of("    "),
  indentOnInput(),
  bracketMatching(),
];

/** Call a function when the browser has time. @type {(action: () => void) => void} */
const whenIdle = globalThis.requestIdleCallback ?? ((action) => setTimeout(action));

/** Shows its text at once, and becomes an editor when the browser has time, or it is needed. */
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
    whenIdle(() => this.#open());
  }

  get text() {
    return this.#view?.state.doc.toString() ?? this.#settings.text;
  }

  /** Replace the whole text, as one step to undo. @param {string} text */
  replace(text) {
    const view = this.#open();
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  }

  focus() {
    this.#open().focus();
  }

  #open() {
    if (!this.#view) {
      this.#view = view(this.#settings);
      this.#place.replaceWith(this.#view.dom);
    }
    return this.#view;
  }
}

/** @param {Settings} settings */
function view({ text, label, code, changed, submit }) {
  /** @param {EditorView} _ */
  const submitted = (_) => (submit(), true);
  const editor = new EditorView({
    doc: text,
    extensions: [
      keymap.of([{ key: "Mod-Enter", run: submitted }, { key: "Shift-Enter", run: submitted }]),
      keymap.of([...(code ? [indentWithTab] : []), ...defaultKeymap, ...historyKeymap]),
      history(),
      highlightSpecialChars(),
      EditorState.tabSize.of(4),
      EditorView.lineWrapping, // at 360 px, and so that nothing scrolls that no key can reach
      EditorView.contentAttributes.of({ "aria-label": label }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) changed(update.state.doc.toString());
      }),
      ...(code ? CODE : []),
    ],
  });
  // What is typed here is no shortcut of the page's: for Sphinx, / goes to the search.
  editor.dom.addEventListener("keydown", (event) => event.stopPropagation());
  return editor;
}
