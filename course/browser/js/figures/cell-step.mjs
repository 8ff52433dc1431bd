// One step of an LSTM unit, number by number, along the drawing of the cell.
import { drawing } from "../cell.mjs";
import { fixed, panel, table, text } from "../figure.mjs";
import { lstmStep } from "../recurrence.mjs";

/** @import { Step } from "../recurrence.mjs" */

const UNIT = { kernel: [0.4, -0.3, 0.9, 0.7], recurrent: [-0.6, 0.5, 0.8, -0.2], bias: [0.1, 1, -0.2, 0.3] };
const H = -0.2; // the hidden state before the step
const LAST = 7; // stage of the computation

const BLOCKS = [126, 72, 185, 244]; // where the boxes stand that have weights, in Keras' order

/** @typedef {[stage: number, x: number, y: number, anchor: string, content: string]} Label */

/** The numbers on the wires. @param {Step} at @returns {Label[]} */
const numbers = (at) => [
  [0, 8, 30, "start", `c ${fixed(at.before.c, 1)}`],
  [0, 8, 236, "start", `h ${fixed(H, 1)}`],
  [0, 47, 270, "start", `x ${fixed(at.x, 1)}`],
  ...BLOCKS.map((x, block) => /** @type {Label} */ ([1, x + 5, 233, "start", fixed(at.z[block])])),
  [2, 77, 110, "start", fixed(at.f)],
  [2, 150, 103, "middle", fixed(at.i)],
  [2, 190, 150, "start", fixed(at.g)],
  [2, 263, 143, "middle", fixed(at.o)],
  [3, 128, 30, "middle", fixed(at.f * at.before.c)],
  [4, 190, 82, "start", fixed(at.i * at.g)],
  [5, 316, 30, "end", `c ${fixed(at.c)}`],
  [6, 287, 122, "end", fixed(Math.tanh(at.c))],
  [7, 316, 264, "end", `h ${fixed(at.h)}`],
];

/** A number as it stands after an operator. @param {string} number */
const bracketed = (number) => (number.startsWith("−") ? `(${number})` : number);

/** @typedef {[stage: number, quantity: string, how: string, value: string]} Line */

/** The computation. @param {Step} at @returns {Line[]} */
function lines(at) {
  const names = ["input gate", "forget gate", "candidate", "output gate"];
  const [x, before] = [fixed(at.x, 1), fixed(at.before.c, 1)];
  const z = at.z.map((each) => fixed(each, 4));
  const [i, f, g, o] = [at.i, at.f, at.g, at.o].map((value) => fixed(value, 4));
  const [kept, written] = [at.f * at.before.c, at.i * at.g].map((value) => fixed(value, 4));
  const [c, squashed] = [at.c, Math.tanh(at.c)].map((value) => fixed(value, 4));
  return [
    [0, "x", "", x],
    [0, "h before", "", fixed(H, 1)],
    [0, "c before", "", before],
    ...names.map((name, block) => /** @type {Line} */ ([1, `z of ${name}`, sum(block, x), z[block]])),
    [2, names[0], `σ(${z[0]})`, i],
    [2, names[1], `σ(${z[1]})`, f],
    [2, names[2], `tanh(${z[2]})`, g],
    [2, names[3], `σ(${z[3]})`, o],
    [3, "kept", `${f} · ${bracketed(before)}`, kept],
    [4, "written", `${i} · ${bracketed(g)}`, written],
    [5, "c", `${kept} + ${bracketed(written)}`, c],
    [6, "tanh of c", `tanh(${c})`, squashed],
    [7, "h", `${o} · ${bracketed(squashed)}`, fixed(at.h, 4)],
  ];
}

/** How the pre-activation of a block is computed. @param {number} block @param {string} x */
function sum(block, x) {
  const [w, u, b] = [UNIT.kernel, UNIT.recurrent, UNIT.bias].map((weights) => fixed(weights[block], 1));
  return `${w} · ${bracketed(x)} + ${bracketed(u)} · ${bracketed(fixed(H, 1))} + ${bracketed(b)}`;
}

/** @type {import("../figure.mjs").Figure} */
export const figure = {
  sliders: [
    {
      name: "stage", label: "Stage of the step", min: 0, max: LAST, step: 1, start: 0, hasButtons: true,
      says: (stage) => `${stage} of ${LAST}`,
    },
    { name: "x", label: "Input x", min: -2, max: 2, step: 0.1, start: 0.5, says: (x) => fixed(x, 1) },
    { name: "c", label: "Cell state before", min: -3, max: 3, step: 0.1, start: 1.5, says: (c) => fixed(c, 1) },
  ],

  show({ stage, x, c }) {
    const at = lstmStep(UNIT, x, { h: H, c });
    /** @param {{ stage: number }} element */
    const look = (element) => (element.stage === stage ? "now" : element.stage < stage ? "drawn" : "faint");
    const known = lines(at).filter(([part]) => part <= stage);
    const now = known.filter(([part]) => part === stage);
    const labels = numbers(at).filter(([part]) => part <= stage).map(([part, across, up, anchor, content]) =>
      text(across, up, content, { "text-anchor": anchor, ...(part === stage && { class: "now", "font-weight": "bold" }) }));
    return {
      panels: [panel(284, "", ...drawing(look), ...labels)],
      sentence: `${now.map(([, name, how, value]) => [name, how, value].filter(Boolean).join(" = ")).join("; ")}.`,
      table: table("The numbers so far", ["quantity", "computed as", "value"], known.map(([, ...cells]) => cells)),
    };
  },
};
