// An editor for Python or for text: CodeMirror, set up for this course.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

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

export class Editor {
  #view;

  /**
   * @param {Element} parent
   * @param {Settings} settings
   */
  constructor(parent, { text, label, code, changed, submit }) {
    /** @param {EditorView} _ */
    const submitted = (_) => (submit(), true);
    this.#view = new EditorView({
      parent,
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
    this.#view.dom.addEventListener("keydown", (event) => event.stopPropagation());
  }

  get text() {
    return this.#view.state.doc.toString();
  }

  /** Replace the whole text, as one step to undo. @param {string} text */
  replace(text) {
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text } });
  }

  focus() {
    this.#view.focus();
  }
}
