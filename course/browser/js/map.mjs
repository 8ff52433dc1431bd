// Shows on the map what was done in this browser: points of the assignments, quizzes answered right.
import { Store } from "./store.mjs";

export function begin() {
  show();
  addEventListener("pageshow", show); // the reader comes back to the page
  addEventListener("storage", show);
}

function show() {
  const store = new Store(() => localStorage);
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-points]"))) {
    const [latest] = store.all(place.dataset.points);
    if (latest) place.textContent = `${latest.work.points} of ${latest.work.possible} points`;
  }
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-quizzes]"))) {
    place.textContent = standing(JSON.parse(place.dataset.quizzes ?? "{}"), store) || place.textContent;
  }
  const note = /** @type {HTMLElement | null} */ (document.querySelector("[data-store]"));
  if (note && store.problem) note.textContent = store.problem;
}

/**
 * How many quizzes of a chapter are answered right; "" before the first answer.
 * @param {{ [quiz: string]: string }} right - the right answer to each
 * @param {Store} store
 */
export function standing(right, store) {
  const quizzes = Object.keys(right);
  const answered = quizzes.filter((quiz) => store.choice(quiz));
  const good = answered.filter((quiz) => store.choice(quiz) === right[quiz]);
  return answered.length ? `${good.length} of ${quizzes.length} quizzes right` : "";
}
