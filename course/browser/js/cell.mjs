// The drawing of an LSTM cell: wires, circles and boxes, some of them lit.
import { coloured, h, text } from "./figure.mjs";

/** @import { Tree } from "./figure.mjs" */

/**
 * @typedef {object} Element
 * @property {number} stage - of one step, at which it carries or computes a number
 * @property {string} parts - those of the cell that it belongs to, with spaces between them
 */
/** @typedef {"now" | "drawn" | "faint"} Look */

/** Wires with their points. @type {[number, string, ...[number, number][]][]} */
const WIRES = [
  [0, "cell", [8, 40], [61, 40]], [0, "", [8, 245], [244, 245]], [0, "", [40, 272], [40, 245]],
  [1, "forget", [72, 245], [72, 212]], [1, "input", [126, 245], [126, 212]],
  [1, "candidate", [185, 245], [185, 212]], [1, "output", [244, 245], [244, 212]],
  [2, "forget", [72, 168], [72, 51]], [2, "input", [126, 168], [126, 110], [174, 110]],
  [2, "candidate", [185, 168], [185, 121]], [2, "output", [244, 168], [244, 150], [281, 150]],
  [3, "cell", [83, 40], [174, 40]], [4, "cell", [185, 99], [185, 51]], [5, "cell", [196, 40], [316, 40]],
  [6, "hidden", [292, 40], [292, 78]], [6, "hidden", [292, 106], [292, 139]],
  [7, "hidden", [292, 161], [292, 245], [316, 245]],
];
/** Circles: the place of the middle, the sign. @type {[number, string, number, number, string][]} */
const CIRCLES = [
  [3, "forget cell", 72, 40, "×"], [4, "input cell", 185, 110, "×"], [5, "cell", 185, 40, "+"],
  [7, "output hidden", 292, 150, "×"],
];
/**
 * Boxes: the place of the middle, half the width and height, lines of text.
 * @type {[number, string, number, number, number, number, string[]][]}
 */
const BOXES = [
  [2, "forget", 72, 190, 23, 22, ["forget", "σ"]], [2, "input", 126, 190, 23, 22, ["input", "σ"]],
  [2, "candidate", 185, 190, 29, 22, ["candidate", "tanh"]], [2, "output", 244, 190, 23, 22, ["output", "σ"]],
  [6, "hidden", 292, 92, 20, 14, ["tanh"]],
];
const FILLED = { fill: "currentColor", stroke: "none" };
const OUTLINE = { fill: "none", stroke: "currentColor" };

/** @param {Look} look @param {Tree[]} children */
const drawn = (look, ...children) =>
  look === "now"
    ? coloured(0, h("g", { class: "now", "stroke-width": 4 }, ...children))
    : h("g", { opacity: look === "drawn" ? 1 : 0.6, "stroke-width": 1.5 }, h("g", {}, ...children));

/** @param {[number, number][]} points */
function wire(...points) {
  const [[x0, y0], [x, y]] = points.slice(-2);
  const turn = (Math.atan2(y - y0, x - x0) * 180) / Math.PI;
  const tip = { d: "M2 0-7-4.5v9z", transform: `translate(${x} ${y}) rotate(${turn})`, ...FILLED };
  return [h("path", { d: `M${points.join(" ")}`, pathLength: 1, ...OUTLINE }), h("path", tip)];
}

/** @param {number} x @param {number} y @param {string} content */
const centred = (x, y, content, size = 12) => text(x, y, content, { "text-anchor": "middle", "font-size": size });

/**
 * Draw the cell, 320 wide and 284 high.
 * @param {(element: Element) => Look} look
 */
export const drawing = (look) => [
  ...WIRES.map(([stage, parts, ...points]) => drawn(look({ stage, parts }), ...wire(...points))),
  ...CIRCLES.map(([stage, parts, cx, cy]) => drawn(look({ stage, parts }), h("circle", { cx, cy, r: 11, ...OUTLINE }))),
  ...BOXES.map(([stage, parts, x, y, across, up]) => {
    const place = { x: x - across, y: y - up, width: 2 * across, height: 2 * up, rx: 4 };
    return drawn(look({ stage, parts }), h("rect", { ...place, ...OUTLINE }));
  }),
  ...CIRCLES.map(([, , x, y, sign]) => centred(x, y + 5, sign, 16)),
  ...BOXES.flatMap(([, , x, y, , , words]) =>
    words.map((word, k) => centred(x, y + 4 + 17 * (k - (words.length - 1) / 2), word, 11))),
];
