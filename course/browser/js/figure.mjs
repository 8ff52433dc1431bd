// What figures that move share: trees of elements, axes, lines, numbers as text, the table.
//
// A figure is a module in figures/, named as pages name it. It exports `figure`: its sliders, and `show`, which
// turns their values into panels, a sentence and a table. render.mjs writes the first state into the page when the
// book is built; moving.mjs changes what stands there.

/** @typedef {{ tag: string, attributes: { [name: string]: string | number }, children: (Tree | string)[] }} Tree */

/**
 * The values of the sliders by name, and what else a figure keeps.
 * @typedef {{ [name: string]: any }} Values
 */

/**
 * @typedef {object} Slider
 * @property {string} name - the value that it sets
 * @property {string} label
 * @property {number} min
 * @property {number} max
 * @property {number} step
 * @property {number} start - the value in the first state
 * @property {(value: number, values: Values) => string} says - the value with its unit, and what it means
 * @property {boolean} [hasButtons] - whether buttons stand beside it that go one step back and forward
 * @property {string} [sideways] - the slider that the keys Left and Right move, in place of this one
 */

/**
 * @typedef {object} Figure
 * @property {Slider[]} sliders
 * @property {Values} [values] - what it keeps besides the sliders' values, in the first state
 * @property {(values: Values) => { panels: Tree[], sentence: string, table: Tree }} show
 * @property {(values: Values, name: string) => void} [moved] - changes what depends on a slider that was moved
 * @property {(values: Values, x: number, y: number, drags: boolean) => void} [draw] - changes what the pointer draws,
 *   at a place in the panel of class `moving-pad`
 */

export const WIDTH = 320; // of a panel; the page shows it about as wide in pixels
const [LEFT, RIGHT, TOP, BOTTOM] = [42, 12, 22, 34];
const EDGE = 5; // what is drawn beyond the axes, so that no marker is cut

/** Lines that differ by colour and dashes, and whose markers differ by shape; course.mplstyle has the same. */
const LOOKS = [
  { colour: "#0072b2", dash: "none", marker: "M-3-3h6v6h-6z" },
  { colour: "#d55e00", dash: "6 3", marker: "M0-4 4 3h-8z" },
  { colour: "currentColor", dash: "1.5 3", marker: "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0" },
];

/**
 * @param {string} tag
 * @param {Tree["attributes"]} [attributes]
 * @param {(Tree | string)[]} children
 * @returns {Tree}
 */
export const h = (tag, attributes = {}, ...children) => ({ tag, attributes, children });

/** @param {number} x @param {number} y @param {string} content @param {Tree["attributes"]} [attributes] */
export const text = (x, y, content, attributes) =>
  h("text", { x, y, fill: "currentColor", ...attributes }, content);

/** @param {number} height @param {string} [kind] - a class @param {Tree[]} children */
export const panel = (height, kind = "", ...children) =>
  h("svg", { viewBox: `0 0 ${WIDTH} ${height}`, class: kind, "font-size": 12, "font-family": "sans-serif" }, ...children);

/** The whole numbers from one to another. @param {number} first @param {number} last */
export const range = (first, last) => Array.from({ length: last - first + 1 }, (_, k) => first + k);

/** Round to a tenth of a pixel. @param {number} value */
const round = (value) => Math.round(value * 10) / 10;

/** @param {number} look @param {Tree[]} children */
export const coloured = (look, ...children) => h("g", { class: `look-${look}`, color: LOOKS[look].colour }, ...children);

/** @param {number} look @param {number} x @param {number} y */
const marker = (look, x, y) =>
  h("path", { d: LOOKS[look].marker, transform: `translate(${x} ${y})`, fill: "currentColor" });

/** @param {number} look @param {string} d @param {number} [width] */
const stroke = (look, d, width = 2) =>
  h("path", { d, fill: "none", stroke: "currentColor", "stroke-width": width, "stroke-dasharray": LOOKS[look].dash });

/**
 * @typedef {object} Axis
 * @property {string} label - with the unit
 * @property {number[]} ticks - the first and the last are the ends of the axis
 * @property {boolean} [log] - whether it is logarithmic; `ticks` are then powers of ten, by their exponents
 */

/** A panel with axes. */
export class Plot {
  #x;
  #y;

  /** @param {Axis} x @param {Axis} y @param {number} [height] - of the panel */
  constructor(x, y, height = 200) {
    this.#x = x;
    this.#y = y;
    this.height = height;
  }

  /** The place of a point inside the axes. @param {number} x @param {number} y */
  #at(x, y) {
    const across = share(this.#x, x) * (WIDTH - LEFT - RIGHT);
    const up = share(this.#y, this.#y.log ? Math.log10(y) : y) * (this.height - TOP - BOTTOM);
    return [round(EDGE + across), round(EDGE + this.height - TOP - BOTTOM - up)];
  }

  /** The point at a place of the panel. @param {number} x @param {number} y */
  point(x, y) {
    const across = (x - LEFT) / (WIDTH - LEFT - RIGHT);
    const up = (this.height - BOTTOM - y) / (this.height - TOP - BOTTOM);
    return [between(this.#x, across), between(this.#y, up)];
  }

  /**
   * A line, with a marker at every so many of its points, 0 for none.
   * @param {number} look
   * @param {number[]} xs
   * @param {number[]} ys
   */
  line(look, xs, ys, every = 0) {
    const places = xs.map((x, k) => this.#at(x, ys[k])).filter(([, y]) => isFinite(y));
    const marked = every ? places.filter((_, k) => k % every === 0) : [];
    return coloured(look, stroke(look, `M${places.join(" ")}`), ...marked.map(([x, y]) => marker(look, x, y)));
  }

  /** @param {number} look @param {number} x @param {number} y */
  dot(look, x, y) {
    const [cx, cy] = this.#at(x, y);
    return coloured(look, h("circle", { cx, cy, r: 6, fill: "currentColor" }));
  }

  /**
   * The panel. `names` are those of its lines, by their looks.
   * @param {string[]} names
   * @param {Tree[]} marks
   * @param {string} [kind] - a class
   */
  panel(names, marks, kind) {
    const { height } = this;
    const [across, up] = [WIDTH - LEFT - RIGHT, height - TOP - BOTTOM];
    const inside = { x: LEFT - EDGE, y: TOP - EDGE, width: across + 2 * EDGE, height: up + 2 * EDGE };
    const heading = text(0, 12, this.#y.label, { "font-weight": "bold" });
    return panel(height, kind, heading, ...legend(names), ...this.#axes(), h("svg", inside, ...marks));
  }

  /** The grid, the numbers at the axes, and the name of the horizontal one. */
  #axes() {
    const [right, bottom] = [WIDTH - RIGHT, this.height - BOTTOM];
    const columns = this.#x.ticks.map((tick) => round(LEFT + share(this.#x, tick) * (right - LEFT)));
    const rows = this.#y.ticks.map((tick) => round(bottom - share(this.#y, tick) * (bottom - TOP)));
    const grid = [...columns.map((x) => `M${x} ${TOP}V${bottom}`), ...rows.map((y) => `M${LEFT} ${y}H${right}`)];
    return [
      h("path", { d: grid.join(""), stroke: "currentColor", opacity: 0.2 }),
      h("path", { d: `M${LEFT} ${TOP}V${bottom}H${right}`, stroke: "currentColor", fill: "none" }),
      ...columns.map((x, k) => text(x, bottom + 14, written(this.#x, k), { "text-anchor": "middle" })),
      ...rows.map((y, k) => text(LEFT - 5, y + 4, written(this.#y, k), { "text-anchor": "end" })),
      text((LEFT + right) / 2, this.height - 5, this.#x.label, { "text-anchor": "middle" }),
    ];
  }
}

/** How far along an axis a number lies, from 0 to 1. @param {Axis} axis @param {number} value */
const share = ({ ticks }, value) => (value - ticks[0]) / (ticks[ticks.length - 1] - ticks[0]);

/** @param {Axis} axis @param {number} part - from 0 to 1 */
const between = ({ ticks }, part) => ticks[0] + part * (ticks[ticks.length - 1] - ticks[0]);

/** @param {Axis} axis @param {number} k - which tick */
const written = ({ ticks, log }, k) => (log ? `10${raised(ticks[k])}` : minus(String(ticks[k])));

/** @param {number} exponent */
const raised = (exponent) =>
  String(exponent).replace(/./g, (sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)]));

/** The names of lines, at the right of the first row. @param {string[]} names */
function legend(names) {
  const each = names.map((name) => 34 + 6.2 * name.length);
  return names.flatMap((name, look) => {
    const x = round(WIDTH - each.slice(look).reduce((sum, width) => sum + width, 0));
    const sample = [stroke(look, `M${x} 8h24`), marker(look, x + 12, 8)];
    return [coloured(look, ...sample), text(x + 28, 12, name)];
  });
}

/** @param {string} number */
const minus = (number) => number.replace(/^-(0(?:\.0*)?$)/, "$1").replaceAll("-", "−");

/** A number with so many decimals. @param {number} value */
export const fixed = (value, decimals = 3) => minus(value.toFixed(decimals));

/** A number to two or three digits, whatever its size. @param {number} value */
export const short = (value) => {
  const size = Math.abs(value);
  return minus(size && (size < 1e-3 || size >= 1e5) ? value.toExponential(1) : String(Number(value.toPrecision(3))));
};

/**
 * The table of a figure's numbers; the first column names the rows.
 * @param {string} caption
 * @param {string[]} head
 * @param {string[][]} rows
 */
export function table(caption, head, rows) {
  const columns = h("tr", {}, ...head.map((name) => h("th", { scope: "col" }, name)));
  const lines = rows.map(([name, ...cells]) =>
    h("tr", {}, h("th", { scope: "row" }, name), ...cells.map((cell) => h("td", {}, cell))));
  return h("table", {}, h("caption", {}, caption), h("thead", {}, columns), h("tbody", {}, ...lines));
}
