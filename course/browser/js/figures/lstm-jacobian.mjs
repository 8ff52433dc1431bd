// What the last state of an LSTM unit still feels of each input, against the forget bias.
import { Plot, fixed, range, short, table } from "../figure.mjs";
import { inputGradients, lstmSteps, sigmoid } from "../recurrence.mjs";

const STEPS = range(1, 40);
const SHOWN = [1, 5, 10, 15, 20, 25, 30, 35, 40];
const KERNEL = [0.5, -0.5, 1, 0.5];
const plot = new Plot(
  { label: "step k of the input", ticks: [1, 10, 20, 30, 40] },
  { label: "size of the derivative", ticks: [-12, -9, -6, -3, 0], log: true },
  240,
);

/** Noise between -1 and 1, the same in every browser: a linear congruential generator of Lehmer's kind. */
let number = 7;
const noise = STEPS.map(() => {
  number = (number * 16807) % 2147483647;
  return (2 * number) / 2147483647 - 1;
});

/** @type {import("../figure.mjs").Figure} */
export const figure = {
  sliders: [
    {
      name: "bias", label: "Forget bias", min: -2, max: 6, step: 0.1, start: 1,
      says: (bias) => `${fixed(bias, 1)}: gate ${fixed(sigmoid(bias), 2)} at rest`,
    },
    { name: "u", label: "Recurrent weights, all four", min: 0, max: 2, step: 0.1, start: 0.5, says: (u) => fixed(u, 1) },
  ],

  show({ bias, u }) {
    const unit = { kernel: KERNEL, recurrent: [u, u, u, u], bias: [-2, bias, 0, 0] };
    const steps = lstmSteps(unit, noise);
    const [all, cell] = [true, false].map((throughH) => inputGradients(unit, steps, throughH).map(Math.abs));
    return {
      panels: [plot.panel(["all paths", "cell path"], [plot.line(1, STEPS, cell, 6), plot.line(0, STEPS, all, 6)])],
      sentence: `Forget bias ${fixed(bias, 1)}, recurrent weights ${fixed(u, 1)}. The derivative of the last state ` +
        `with respect to the last input is ${short(all[39])}, to the input 20 steps before it ${short(all[19])}, and ` +
        `to the first input ${short(all[0])}; along the cell path alone, ${short(cell[0])}.`,
      table: table(
        "Size of the derivative of the last state with respect to the input of step k",
        ["step k", "all paths", "cell path alone"],
        SHOWN.map((k) => [String(k), short(all[k - 1]), short(cell[k - 1])]),
      ),
    };
  },
};
