// The numbers that figures show: one unit of an RNN and one of an LSTM, each with one input feature.

/**
 * Weights of an LSTM unit: four numbers each, in Keras' order i, f, c, o.
 * @typedef {{ kernel: number[], recurrent: number[], bias: number[] }} Unit
 */

/**
 * One step of an LSTM unit: the states before it, the pre-activations `z` in the order i, f, c, o, the gates,
 * the candidate `g`, and the states after it.
 * @typedef {{ x: number, before: { h: number, c: number }, z: number[],
 *   i: number, f: number, g: number, o: number, h: number, c: number }} Step
 */

/** @param {number} z */
export const sigmoid = (z) => 1 / (1 + Math.exp(-z));

/** Slopes of the sigmoid and of tanh at z, precise where the curves are flat. */
const slopes = {
  /** @param {number} z */
  sigmoid: (z) => sigmoid(z) * sigmoid(-z),
  /** @param {number} z */
  tanh: (z) => 1 / Math.cosh(z) ** 2,
};

/**
 * Steps until a number is halved, where the forget gate is the sigmoid of a bias.
 * @param {number} bias
 */
export const halfLife = (bias) => Math.LN2 / Math.log1p(Math.exp(-bias));

/**
 * @param {Unit} unit
 * @param {number} x
 * @param {{ h: number, c: number }} before
 * @returns {Step}
 */
export function lstmStep({ kernel, recurrent, bias }, x, before) {
  const z = bias.map((b, block) => kernel[block] * x + recurrent[block] * before.h + b);
  const [i, f, , o] = z.map(sigmoid);
  const g = Math.tanh(z[2]);
  const c = f * before.c + i * g;
  return { x, before, z, i, f, g, o, h: o * Math.tanh(c), c };
}

/**
 * Run an LSTM unit on a sequence, from h = c = 0 unless told otherwise.
 * @param {Unit} unit
 * @param {number[]} inputs
 * @returns {Step[]}
 */
export function lstmSteps(unit, inputs, state = { h: 0, c: 0 }) {
  /** @type {Step[]} */
  const steps = [];
  for (const x of inputs) steps.push(lstmStep(unit, x, steps.at(-1) ?? state));
  return steps;
}

/**
 * The derivative of the last h with respect to the input x of each step.
 * @param {Unit} unit
 * @param {Step[]} steps
 * @param {boolean} throughH - also along the paths on which a state h moves the gates and the candidate of the next
 *   step; without them only the cell state carries anything from step to step
 * @returns {number[]}
 */
export function inputGradients({ kernel, recurrent }, steps, throughH = true) {
  let [toH, toC] = [1, 0];
  return [...steps]
    .reverse()
    .map(({ before, z, i, f, g, o, c }) => {
      toC += toH * o * slopes.tanh(c);
      const toZ = [
        toC * g * slopes.sigmoid(z[0]),
        toC * before.c * slopes.sigmoid(z[1]),
        toC * i * slopes.tanh(z[2]),
        toH * Math.tanh(c) * slopes.sigmoid(z[3]),
      ];
      toH = throughH ? dot(toZ, recurrent) : 0;
      toC *= f;
      return dot(toZ, kernel);
    })
    .reverse();
}

/** @param {number[]} one @param {number[]} other */
const dot = (one, other) => one.reduce((sum, value, k) => sum + value * other[k], 0);

/**
 * Run an RNN unit, h = tanh(x + u h), from h = 0: after each step, its state, the derivative of this state with
 * respect to the one before, and that with respect to the first.
 * @param {number} u
 * @param {number[]} inputs
 */
export function rnnSteps(u, inputs) {
  let [h, product] = [0, 1];
  return inputs.map((x) => {
    const z = x + u * h;
    const factor = u * slopes.tanh(z);
    h = Math.tanh(z);
    product *= factor;
    return { h, factor, product };
  });
}
