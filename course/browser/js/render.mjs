// Writes the first state of a figure as HTML: `node render.mjs NAME ALT`. The book's build runs it.

import { h } from "./figure.mjs";
import { html } from "./html.mjs";

/** @import { Figure, Slider, Values } from "./figure.mjs" */

/** @param {string} figure - its name @param {Slider} slider @param {Values} values */
function control(figure, { name, label, min, max, step, says, hasButtons }, values) {
  const id = `${figure}-${name}`;
  const text = says(values[name], values);
  const range = { type: "range", id, name, min, max, step, value: values[name], autocomplete: "off" };
  const input = h("input", { ...range, "aria-valuetext": text });
  /** @param {number} by @param {string} text */
  const button = (by, text) => h("button", { type: "button", class: "tab-button", "data-by": by }, text);
  return h(
    "div",
    {},
    h("label", { for: id }, label),
    h("output", { for: id }, text),
    hasButtons ? h("span", { class: "moving-buttons" }, button(-step, "Back"), input, button(step, "Next")) : input,
  );
}

/** @param {string} name @param {string} alt @param {Figure} figure */
function firstState(name, alt, figure) {
  const values = { ...figure.values, ...Object.fromEntries(figure.sliders.map((slider) => [slider.name, slider.start])) };
  const { panels, sentence, table } = figure.show(values);
  const controls = figure.sliders.map((slider) => control(name, slider, values));
  const legend = h("legend", { class: "visually-hidden" }, "Controls of the figure");
  const scrolls = { class: "moving-table", tabindex: 0, role: "region", "aria-label": "The numbers of the figure" };
  return h(
    "div",
    { class: "moving", "data-figure": name, "data-alt": alt },
    h("fieldset", { class: "moving-controls", disabled: "" }, legend, ...controls),
    h("div", { class: "moving-panels", role: "img", "aria-label": `${alt} ${sentence}` }, ...panels),
    h("p", { class: "moving-sentence", role: "status" }, sentence),
    h("details", {}, h("summary", {}, "The numbers"), h("div", scrolls, table)),
  );
}

const [name, alt] = /** @type {any} */ (globalThis).process.argv.slice(2);
const { figure } = await import(`./figures/${name}.mjs`);
console.log(html(firstState(name, alt, figure)));
