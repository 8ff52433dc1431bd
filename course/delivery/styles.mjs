// Joins style sheets, and drops the rules that no page needs: `node styles.mjs SHEET...`, with the
// texts of pages and scripts as a list in JSON on stdin, and the style sheet on stdout.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url); // which looks in NODE_PATH
const { buildSync } = require("esbuild");
const { PurgeCSS } = require("purgecss");

const options = { bundle: true, minify: true, write: false, charset: "utf8", legalComments: "inline" };
const joined = buildSync({
  ...options,
  stdin: {
    contents: process.argv.slice(2).map((path) => `@import ${JSON.stringify(path)};`).join("\n"),
    loader: "css",
    resolveDir: "/",
  },
  external: ["*.woff2", "*.ttf", "*.png"],
});
const [{ css }] = await new PurgeCSS().purge({
  css: [{ raw: joined.outputFiles[0].text }],
  content: JSON.parse(readFileSync(0, "utf-8")).map((raw) => ({ raw, extension: "html" })),
  // Words as they may stand in a script, too. What scripts put together or set stays.
  defaultExtractor: (text) => text.match(/[\w-]+/g) ?? [],
  safelist: { greedy: [/tooltip/, /popover/] },
  dynamicAttributes: ["aria-expanded", "data-bs-theme", "data-mode", "data-theme", "open"],
});
process.stdout.write(css);
