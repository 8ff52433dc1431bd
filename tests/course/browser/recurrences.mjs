// Prints what recurrence.mjs computes for the cases of a file: `node recurrences.mjs CASES`.
import { readFileSync } from "node:fs";
import { halfLife, inputGradients, lstmSteps, rnnSteps, sigmoid } from "../../../course/browser/js/recurrence.mjs";

/** @param {object[]} objects @param {string[]} names */
const columns = (objects, names) => Object.fromEntries(names.map((name) => [name, objects.map((each) => each[name])]));

const cases = JSON.parse(readFileSync(process.argv[2], "utf8"));
const lstm = cases.lstm.map(({ unit, inputs }) => {
  const steps = lstmSteps(unit, inputs);
  const gradients = { gradients: inputGradients(unit, steps), cell: inputGradients(unit, steps, false) };
  return { ...columns(steps, ["h", "c", "i", "f", "g", "o"]), ...gradients };
});
const rnn = cases.rnn.map(({ u, inputs }) => columns(rnnSteps(u, inputs), ["h", "factor", "product"]));
console.log(JSON.stringify({ lstm, rnn, sigmoid: cases.z.map(sigmoid), halfLife: cases.z.map(halfLife) }));
