// Shows the outputs of a cell, and remembers them for the notebook.
import { element } from "./dom.mjs";

/** @import { Outcome, Output } from "./protocol.mjs" */

/** The output of a check in a notebook, where it prints or raises. @param {Outcome} outcome @returns {Output} */
export function verdict({ ok, text }) {
  if (ok) return { output_type: "stream", name: "stdout", text: `${text}\n` };
  return { output_type: "error", ename: "CheckFailed", evalue: text, traceback: [`CheckFailed: ${text}`] };
}

export class Outputs {
  /** @type {Output[]} */
  list = [];
  node = element("div", { class: "tab-outputs" });

  clear() {
    this.list = [];
    this.node.replaceChildren();
  }

  /** @param {Output} output */
  add(output) {
    if (!isSound(output)) return;
    const last = this.list.at(-1);
    if (last && output.output_type === "stream" && last.name === output.name) {
      last.text += output.text;
      /** @type {Element} */ (this.node.lastElementChild).append(output.text);
      return;
    }
    this.list.push({ ...output });
    this.node.append(rendered(output));
  }
}

/** @param {any} value */
const isText = (value) => typeof value === "string";

/** Whether an output has the form that it should: code that gets around Python can send others. @param {Output} output */
export function isSound({ output_type, name, text, traceback, data }) {
  if (output_type === "stream") return ["stdout", "stderr"].includes(name) && isText(text);
  if (output_type === "error") return Array.isArray(traceback) && traceback.every(isText);
  const known = ["display_data", "execute_result"].includes(output_type) && typeof data === "object" && data;
  return Boolean(known) && Object.values(data).every(isText);
}

/** @param {Output} output */
function rendered(output) {
  if (output.output_type === "stream") {
    return element("pre", { class: `tab-output tab-${output.name}`, tabindex: "0", text: output.text });
  }
  if (output.output_type === "error") {
    return element("pre", { class: "tab-output tab-error", text: output.traceback.join("\n") });
  }
  if (output.data["image/png"]) {
    return element("img", {
      class: "tab-figure",
      src: `data:image/png;base64,${output.data["image/png"]}`,
      alt: output.metadata?.["image/png"]?.alt ?? "The figure that this cell draws",
    });
  }
  return element("pre", { class: "tab-output", text: output.data["text/plain"] ?? "" });
}
