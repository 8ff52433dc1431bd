// Every page's script: it finds what on the page can be alive, and loads what that needs.
import { missing } from "./support.mjs";

/** @import { Files } from "./protocol.mjs" */

const base = new URL("./", import.meta.url).href;
/** @type {Files} */
const files = JSON.parse(document.getElementById("tab-files")?.textContent ?? "{}");

/** Waits until the browser has drawn the page: reading should not wait for what is loaded here. */
const drawn = () =>
  new Promise((resolve) => {
    if (document.hidden) resolve(undefined);
    else requestAnimationFrame(() => setTimeout(resolve));
  });

/** @param {HTMLElement} top */
function beginAssignment(top) {
  const problem = missing();
  const begin = () => import("./page.mjs").then((module) => module.begin(top, base, files));
  if (problem) top.textContent = problem;
  else begin().catch((error) => {
    top.textContent = `This page could not be loaded whole (${error.message}). Is there a connection? Then reload it.`;
  });
}

await drawn();
const top = /** @type {HTMLElement | null} */ (document.querySelector("[data-assignment]"));
if (top) beginAssignment(top);
if (document.querySelector(".runs-here") && !missing()) {
  import("./chapter.mjs").then((module) => module.begin(base, files));
}
if (document.querySelector("[data-quiz]")) import("./quiz.mjs").then((module) => module.begin());
if (document.querySelector("[data-figure]")) import("./moving.mjs").then((module) => module.begin(base, files));
if (document.querySelector("[data-points]")) import("./map.mjs").then((module) => module.begin());
