// Makes the code blocks of a chapter editable, and runs them in place.
import { Bar } from "./bar.mjs";
import { button, element } from "./dom.mjs";
import { Editor } from "./editor.mjs";
import { Outputs } from "./outputs.mjs";
import { Interrupted, Python } from "./python.mjs";

/** @import { Files } from "./protocol.mjs" */

/**
 * @param {string} base - the address of the folder that `files` describes
 * @param {Files} files
 */
export function begin(base, files) {
  const bar = new Bar(() => python.stop());
  const python = new Python(base, files, [], (state) => {
    if (!bar.node.isConnected) document.body.append(bar.node);
    bar.show(state);
  });
  document.querySelectorAll("script.runs-here").forEach((script, number) => new Block(script, number + 1, python));
}

class Block {
  #outputs = new Outputs();
  #label = element("p", { class: "tab-verdict", role: "status" });
  /** @type {Editor | undefined} */
  #editor;

  /**
   * @param {Element} script - holds the code, and what must run before it
   * @param {number} number - of the block on the page
   * @param {Python} python
   */
  constructor(script, number, python) {
    const { before, source } = JSON.parse(script.textContent ?? "");
    this.before = before;
    this.source = source;
    this.number = number;
    this.python = python;
    this.block = script.parentElement?.querySelector(".highlight");
    const edit = button("Edit", () => this.#edit(), "tab-minor");
    this.editButton = edit;
    script.after(
      element("div", { class: "tab-buttons" }, button("Run", () => this.#run(), "tab-minor"), edit),
      this.#label,
      this.#outputs.node,
    );
  }

  /** Put an editor in the place of the code, or the code as it was in that of the editor. */
  #edit() {
    if (!this.block) return;
    const place = element("div", { class: "tab-writing" });
    this.block.replaceWith(place);
    this.#editor = new Editor(place, {
      text: this.source,
      label: `Code block ${this.number}. Tab indents; press Escape, then Tab, to leave the editor.`,
      code: true,
      changed: () => this.python.prepare(),
      submit: () => this.#run(),
    });
    this.#editor.focus();
    const undo = button("Undo all changes", () => this.#editor?.replace(this.source), "tab-minor");
    this.editButton.replaceWith(undo);
  }

  async #run() {
    if (this.python.busy) return;
    this.#outputs.clear();
    this.#label.textContent = "Running ...";
    const cells = [{ id: "above", source: this.before }, { id: "block", source: this.#editor?.text ?? this.source }];
    try {
      await this.python.run(cells.filter(({ source }) => source.trim()), undefined, (cell, output) => {
        if (output.output_type !== "begin" && (cell === "block" || output.output_type === "error")) this.#outputs.add(output);
      });
      this.#label.textContent = this.#outputs.list.length ? "Your run:" : "It ran, and shows nothing.";
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      this.#label.textContent = error.message;
    }
  }
}
