// Writes the drawing of the cell as SVG: `node cell-diagram.mjs PART`. The book's build runs it.
import { drawing } from "./cell.mjs";
import { panel, text } from "./figure.mjs";
import { html } from "./html.mjs";

const SIGNALS = /** @type {[number, number, string, string][]} */ ([
  [8, 30, "start", "cₜ₋₁"], [316, 30, "end", "cₜ"], [8, 236, "start", "hₜ₋₁"], [316, 264, "end", "hₜ"],
  [47, 272, "start", "xₜ"], [77, 110, "start", "fₜ"], [150, 103, "middle", "iₜ"], [190, 150, "start", "c̃ₜ"],
  [263, 143, "middle", "oₜ"],
]);

const [lit] = /** @type {any} */ (globalThis).process.argv.slice(2);
const labels = SIGNALS.map(([x, y, anchor, name]) => text(x, y, name, { "text-anchor": anchor, "font-size": 14 }));
/** @param {{ parts: string }} element */
const look = ({ parts }) => (parts.split(" ").includes(lit) ? "now" : lit === "whole" ? "drawn" : "faint");
console.log(html(panel(284, "", ...drawing(look), ...labels)));
