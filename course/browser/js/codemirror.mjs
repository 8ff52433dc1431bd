// CodeMirror, set up for this course.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

/** @import { Settings } from "./editor.mjs" */

const CODE = [
  lineNumbers(),
  python(),
  syntaxHighlighting(classHighlighter), // the colours are in tab.css
  indentUnit.of("    "),
  indentOnInput(),
  bracketMatching(),
];

/** @param {Settings} settings */
export function view({ text, label, code, changed, submit }) {
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
