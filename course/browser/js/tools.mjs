// The tools of an assignment's page: hand in, open, export and import, start again, earlier work.
import { OtherNotebook } from "./assignment.mjs";
import { button, download, element, fileButton } from "./dom.mjs";
import { mark } from "./hand-in.mjs";
import { NotNotebook, read, write } from "./notebook.mjs";
import { StoreFailed } from "./store.mjs";

/** @import { Page } from "./page.mjs" */
/** @import { Kept } from "./store.mjs" */

/** Errors whose message tells the reader what to do. */
const FOR_READERS = [OtherNotebook, NotNotebook, StoreFailed];

/**
 * Do something; tell the reader what stands in its way.
 * @param {Page} page
 * @param {() => void} action
 */
export function attempt(page, action) {
  try {
    action();
  } catch (error) {
    if (!FOR_READERS.some((kind) => error instanceof kind)) throw error;
    page.notify(/** @type {Error} */ (error).message);
  }
}

/** @param {Page} page */
export function tools(page) {
  const open = (/** @type {string} */ text) =>
    attempt(page, () => {
      page.assignment.open(read(text));
      page.replaced("The notebook is open. Press Check all, at the end of the page, to count its points. What was here before is kept under earlier work.");
    });
  const add = (/** @type {string} */ text) =>
    attempt(page, () => {
      page.assignment.save(); // before what the store holds is shown
      const added = page.assignment.store.imported(text);
      page.notify(added ? `${added} ${added === 1 ? "piece" : "pieces"} of work added.` : "All of it is here already.");
      page.reload();
    });
  const platform = mark();
  return element(
    "div",
    { class: "tab-tools" },
    platform ? button("Hand in", () => page.handIn(platform), "tab-main") : "",
    button("Download the notebook", () => page.download(), platform ? "" : "tab-main"),
    fileButton("Open a notebook", ".ipynb", open),
    button("Start again", () => startAgain(page)),
    element(
      "details",
      { class: "tab-more" },
      element("summary", { text: "All my work" }),
      element("p", { text: "Your work is kept in this browser alone. One file takes all of it to another." }),
      button("Export all work", () => exportAll(page)),
      fileButton("Import work", ".json", add),
    ),
  );
}

/** @param {Page} page */
function exportAll(page) {
  page.saveNow();
  download("lstm-gate-by-gate.json", page.assignment.store.exported(), "application/json");
}

/** @param {Page} page */
function startAgain(page) {
  const question = "Start again with the notebook as it was released? What you have written is kept under earlier work.";
  if (!page.assignment.begun || !confirm(question)) return;
  attempt(page, () => {
    page.assignment.startAgain();
    page.replaced("You have started again. What was here before is kept below, under earlier work.");
  });
}

/**
 * Earlier work on the assignment: of older releases, and what other work took the place of.
 * @param {Page} page
 */
export function earlierWork(page) {
  const earlier = page.assignment.earlier();
  if (!earlier.length) return element("div", {});
  const older = earlier.some(({ work }) => work.release !== page.assignment.data.release);
  return element(
    "details",
    { class: "tab-earlier", open: older && !page.assignment.begun },
    element("summary", { text: `Earlier work (${earlier.length})` }),
    older && !page.assignment.begun
      ? element("p", { text: "This assignment has changed since you worked on it. Your work is here: use it in the new notebook, or keep it beside it." })
      : "",
    element("ul", {}, ...earlier.map((kept) => earlierEntry(page, kept))),
  );
}

/** @param {Page} page @param {Kept} kept */
function earlierEntry(page, { key, work }) {
  const { assignment } = page;
  const release = work.release === assignment.data.release ? "this notebook" : "an older version of this notebook";
  const when = new Date(work.saved).toLocaleString();
  const use = () =>
    attempt(page, () => {
      assignment.adopt(work);
      page.replaced("Your earlier work is here now. Check it again: the checks may have changed.");
    });
  const remove = () => {
    if (!confirm(`Remove the work of ${when} for good?`)) return;
    assignment.store.remove(key);
    page.renderEarlier();
  };
  const answers = work.cells.filter((entry) => entry.source);
  return element(
    "li",
    {},
    `${when}, ${work.points} of ${work.possible} points, on ${release}. `,
    button("Use this", use, "tab-minor"),
    button("Download it", () => download(`${assignment.data.name}.ipynb`, write(assignment.notebook(new Map(), work)), "application/x-ipynb+json"), "tab-minor"),
    button("Remove it", remove, "tab-minor"),
    element(
      "details",
      {},
      element("summary", { text: "What it says" }),
      ...answers.map(({ id, source }) => element("pre", { class: "tab-output", tabindex: "0", "aria-label": id, text: source ?? "" })),
    ),
  );
}
