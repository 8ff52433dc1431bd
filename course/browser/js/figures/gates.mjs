// The gates of an LSTM unit at work on a sequence that the reader draws.
import { Plot, fixed, range, table } from "../figure.mjs";
import { lstmSteps, sigmoid } from "../recurrence.mjs";

const KERNEL = [2, -1, 2, 1];
const RECURRENT = [0.5, 0.5, 0.5, 0.5];
const START = [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0.3, -0.3, 0.3, -0.3, 0.3, -0.3, 0, 0, -1, -1, 0, 0, 0, 0];
const STEPS = range(1, 24);
const HEIGHT = 150;
const time = { label: "step", ticks: [1, 6, 12, 18, 24] };
const pad = new Plot(time, { label: "input: draw here", ticks: [-1, 0, 1] }, HEIGHT);
const gates = new Plot(time, { label: "gates", ticks: [0, 0.5, 1] }, HEIGHT);
const candidates = new Plot(time, { label: "candidate", ticks: [-1, 0, 1] }, HEIGHT);

/** @param {string} name @param {string} label @param {number} start */
const bias = (name, label, start) => ({
  name, label, start, min: -8, max: 8, step: 0.5,
  /** @param {number} value */
  says: (value) => `${fixed(value, 1)}: ${name === "c" ? fixed(Math.tanh(value), 2) : fixed(sigmoid(value), 2)} at rest`,
});

/**
 * Set the input at a step, and at those that the pointer has passed on its way from another one.
 * @param {import("../figure.mjs").Values} values
 * @param {number} from
 * @param {number} step
 * @param {number} input
 */
function change(values, from, step, input) {
  const inputs = [...values.inputs];
  let k = step;
  do {
    inputs[k - 1] = input;
    k += Math.sign(from - k);
  } while (k !== from);
  Object.assign(values, { inputs, step, input });
}

/** @type {import("../figure.mjs").Figure} */
export const figure = {
  sliders: [
    bias("i", "Input bias", 0),
    bias("f", "Forget bias", 1),
    bias("c", "Candidate bias", 0),
    bias("o", "Output bias", 0),
    { name: "step", label: "Step to draw", min: 1, max: 24, step: 1, start: 3, says: (step) => `${step} of 24` },
    {
      name: "input", label: "Input there", min: -1, max: 1, step: 0.1, start: 1, sideways: "step",
      says: (input, { step }) => `${fixed(input, 1)} at step ${step}`,
    },
  ],
  values: { inputs: START },

  moved(values, name) {
    if (name === "step") values.input = values.inputs[values.step - 1];
    if (name === "input") change(values, values.step, values.step, values.input);
  },

  draw(values, x, y, drags) {
    const place = pad.point(x, y);
    const step = Math.min(24, Math.max(1, Math.round(place[0])));
    const input = Math.min(1, Math.max(-1, Math.round(10 * place[1]) / 10));
    change(values, drags ? values.step : step, step, input);
  },

  show({ i, f, c, o, step, inputs }) {
    const steps = lstmSteps({ kernel: KERNEL, recurrent: RECURRENT, bias: [i, f, c, o] }, inputs);
    /** @param {Plot} plot @param {number} look @param {(each: import("../recurrence.mjs").Step) => number} value */
    const line = (plot, look, value) => plot.line(look, STEPS, steps.map(value), 3);
    const highest = Math.max(...steps.map((each) => Math.abs(each.c))); // each step adds at most 1
    const end = highest <= 2 ? 2 : highest <= 8 ? 8 : 24;
    const states = new Plot(time, { label: "states", ticks: [-end, 0, end] }, HEIGHT);
    const at = steps[step - 1];
    return {
      panels: [
        pad.panel([], [pad.line(2, [1, 24], [0, 0]), pad.line(0, STEPS, inputs, 1), pad.dot(1, step, at.x)], "moving-pad"),
        gates.panel(["i", "f", "o"], [
          line(gates, 0, (each) => each.i), line(gates, 1, (each) => each.f), line(gates, 2, (each) => each.o),
        ]),
        candidates.panel(["candidate", "written"], [
          line(candidates, 0, (each) => each.g), line(candidates, 1, (each) => each.i * each.g),
        ]),
        states.panel(["cell", "hidden"], [line(states, 0, (each) => each.c), line(states, 1, (each) => each.h)]),
      ],
      sentence: `Step ${step}: the input is ${fixed(at.x, 1)}. Input gate ${fixed(at.i, 2)}, forget gate ` +
        `${fixed(at.f, 2)}, output gate ${fixed(at.o, 2)}, candidate ${fixed(at.g, 2)}; cell state ` +
        `${fixed(at.c, 2)}, hidden state ${fixed(at.h, 2)}.`,
      table: table(
        "Every step of the unit",
        ["step", "x", "i", "f", "candidate", "o", "c", "h"],
        steps.map(({ x, i, f, g, o, c, h }, k) =>
          [String(k + 1), fixed(x, 1), ...[i, f, g, o, c, h].map((value) => fixed(value))]),
      ),
    };
  },
};
