// The derivative of an RNN unit's state with respect to its first one, against the recurrent weight.
import { Plot, fixed, range, short, table } from "../figure.mjs";
import { rnnSteps } from "../recurrence.mjs";

/** The numbers of the chapter's cell: `np.random.default_rng(0).normal(size=50)`, to four decimals. */
const NOISE = [
  0.1257, -0.1321, 0.6404, 0.1049, -0.5357, 0.3616, 1.304, 0.9471, -0.7037, -1.2654, -0.6233, 0.0413, -2.325,
  -0.2188, -1.2459, -0.7323, -0.5443, -0.3163, 0.4116, 1.0425, -0.1285, 1.3665, -0.6652, 0.3515, 0.9035, 0.094,
  -0.7435, -0.9217, -0.4577, 0.2202, -1.0096, -0.2092, -0.1592, 0.5408, 0.2147, 0.3554, -0.6538, -0.1296, 0.784,
  1.4934, -1.2591, 1.5139, 1.3459, 0.7813, 0.2645, -0.3139, 1.458, 1.9603, 1.8016, 1.3151,
];
const STEPS = range(0, 50);
const steps = { label: "steps k", ticks: [0, 10, 20, 30, 40, 50] };
const whole = new Plot(steps, { label: "∂hₖ / ∂h₀", ticks: [-40, -30, -20, -10, 0, 10], log: true });
const single = new Plot(steps, { label: "factor of step k", ticks: [0, 0.5, 1, 1.5] });

/** @param {number} u @param {number} strength - of the input */
const run = (u, strength) => rnnSteps(u, NOISE.map((x) => strength * x));

/** @type {import("../figure.mjs").Figure} */
export const figure = {
  sliders: [
    { name: "u", label: "Recurrent weight u", min: 0.3, max: 1.5, step: 0.05, start: 1.2, says: (u) => fixed(u, 2) },
    {
      name: "strength", label: "Strength of the input", min: 0, max: 3, step: 0.1, start: 1,
      says: (strength) => `${fixed(strength, 1)} times the noise`,
    },
  ],

  show({ u, strength }) {
    const [free, driven] = [run(u, 0), run(u, strength)];
    const names = ["with input", "without"];
    return {
      panels: [
        whole.panel(names, [
          whole.line(2, [0, 50], [1, 1]),
          whole.line(1, STEPS, [1, ...free.map(({ product }) => product)], 10),
          whole.line(0, STEPS, [1, ...driven.map(({ product }) => product)], 5),
        ]),
        single.panel(names, [
          single.line(2, [0, 50], [1, 1]),
          single.line(1, STEPS.slice(1), free.map(({ factor }) => factor), 10),
          single.line(0, STEPS.slice(1), driven.map(({ factor }) => factor), 5),
        ]),
      ],
      sentence: `u is ${fixed(u, 2)}. After 50 steps without input a change in the first state is multiplied by ` +
        `${short(free[49].product)}; with inputs of strength ${fixed(strength, 1)}, by ${short(driven[49].product)}.`,
      table: table(
        "The derivative of the state after k steps with respect to the first state",
        ["steps k", "without input", "with input"],
        [1, 2, 5, 10, 20, 30, 40, 50].map((k) => [String(k), short(free[k - 1].product), short(driven[k - 1].product)]),
      ),
    };
  },
};
