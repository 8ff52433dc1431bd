// The half-life of the cell state against the forget bias, and how a stored 1 decays.
import { Plot, fixed, range, short, table } from "../figure.mjs";
import { halfLife, sigmoid } from "../recurrence.mjs";

const FIRST = -2, LAST = 6; // forget bias
const BIASES = range(5 * FIRST, 5 * LAST).map((k) => k / 5);
const STEPS = range(0, 100);
const lives = new Plot(
  { label: "forget bias", ticks: [-2, 0, 2, 4, 6] },
  { label: "half-life (steps)", ticks: [-1, 0, 1, 2, 3], log: true },
);
const cell = new Plot(
  { label: "steps k after a 1 was stored", ticks: [0, 20, 40, 60, 80, 100] },
  { label: "cell state", ticks: [0, 0.5, 1] },
);

/** @type {import("../figure.mjs").Figure} */
export const figure = {
  sliders: [{
    name: "bias", label: "Forget bias", min: FIRST, max: LAST, step: 0.1, start: 1,
    says: (bias) => `${fixed(bias, 1)}: half-life ${short(halfLife(bias))} steps`,
  }],

  show({ bias }) {
    const [gate, life] = [sigmoid(bias), halfLife(bias)];
    return {
      panels: [
        lives.panel([], [lives.line(0, BIASES, BIASES.map(halfLife)), lives.dot(1, bias, life)]),
        cell.panel([], [
          cell.line(2, [0, life, life], [0.5, 0.5, 0]),
          cell.line(0, STEPS, STEPS.map((k) => gate ** k)),
          cell.dot(1, life, 0.5),
        ]),
      ],
      sentence: `With a forget bias of ${fixed(bias, 1)} the gate is ${fixed(gate)}. A stored 1 is halved in ` +
        `${short(life)} steps. After 10 steps ${short(gate ** 10)} is left, after 100 steps ${short(gate ** 100)}.`,
      table: table(
        "What is left of a stored 1",
        ["steps k", "cell state"],
        [1, 2, 5, 10, 20, 50, 100].map((k) => [String(k), short(gate ** k)]),
      ),
    };
  },
};
