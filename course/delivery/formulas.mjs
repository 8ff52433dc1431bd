// Turns formulas into MathML: `node formulas.mjs`, with a list of [TeX, whether it stands in a line
// of its own] as JSON on stdin, and a list of {mathml} or {error} on stdout.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const temml = createRequire(import.meta.url)("temml"); // which looks in NODE_PATH

/** @type {[string, boolean][]} */
const formulas = JSON.parse(readFileSync(0, "utf-8"));

/**
 * @param {string} tex
 * @param {boolean} display
 */
function convert(tex, display) {
  try {
    const mathml = temml.renderToString(tex, { displayMode: display, throwOnError: true });
    return {
      mathml: mathml
        .replaceAll("<mo>⊙</mo>", '<mo largeop="false">⊙</mo>') // Firefox draws it as large as a sum
        .replace(/<mspace width="0.1667em"><\/mspace>((<\/mrow>)*<\/math>)$/, "$1"), // after a lone tanh
    };
  } catch (error) {
    return { error: /** @type {Error} */ (error).message };
  }
}

process.stdout.write(JSON.stringify(formulas.map(([tex, display]) => convert(tex, display))));
