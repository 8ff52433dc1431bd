// How a leaky unit forgets, against its rate.
import { Plot, fixed, range, table } from "../figure.mjs";

const STEPS = range(0, 10);
const plot = new Plot({ label: "step", ticks: [0, 5, 10] }, { label: "state", ticks: [0, 0.5, 1] });

/** @type {import("../figure.mjs").Figure} */
export const figure = {
  sliders: [{ name: "rate", label: "Rate", min: 0, max: 1, step: 0.1, start: 0.5, says: (rate) => fixed(rate, 1) }],

  show({ rate }) {
    const states = STEPS.map((k) => (1 - rate) ** k);
    return {
      panels: [plot.panel([], [plot.line(0, STEPS, states, 1)])],
      sentence: `After 10 steps at a rate of ${fixed(rate, 1)} a state of 1 is ${fixed(states[10])}.`,
      table: table("What is left of a state of 1", ["step", "state"], STEPS.map((k) => [String(k), fixed(states[k])])),
    };
  },
};
