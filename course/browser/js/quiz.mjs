// The quizzes of a page: they show the feedback on the answer that a reader chooses, and keep the answer.
import { element } from "./dom.mjs";
import { Store, StoreFailed } from "./store.mjs";

const NOT_KEPT = "This browser does not keep your answer: its store is full, or closed to this page.";

export function begin() {
  const store = new Store(() => localStorage);
  const nodes = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-quiz]"));
  const quizzes = [...nodes].map((node) => new Quiz(node, store));
  // Another tab has kept an answer.
  addEventListener("storage", () => quizzes.forEach((quiz) => quiz.update()));
}

class Quiz {
  #name;
  #store;
  #answers;
  #feedback;
  #note = element("p", { class: "quiz-note", hidden: true, text: NOT_KEPT });
  #kept = ""; // the answer that was in the store when it was last read

  /**
   * @param {HTMLElement} node
   * @param {Store} store
   */
  constructor(node, store) {
    this.#name = node.dataset.quiz ?? "";
    this.#store = store;
    this.#answers = node.querySelectorAll("input");
    this.#feedback = /** @type {NodeListOf<HTMLElement>} */ (node.querySelectorAll("[data-answer]"));
    this.#kept = store.choice(this.#name);
    this.#show(this.#kept);
    // What is in the region when it is inserted is not read aloud; what appears in it later is.
    const region = element("div", { role: "status" }, ...this.#feedback, this.#note);
    node.querySelector("details")?.replaceWith(region);
    node.addEventListener("change", ({ target }) => this.#choose(/** @type {HTMLInputElement} */ (target).value));
  }

  /** Show the answer that the store holds, if it has changed. */
  update() {
    const kept = this.#store.choice(this.#name);
    if (kept === this.#kept) return;
    this.#kept = kept;
    this.#show(kept);
  }

  /** @param {string} answer */
  #choose(answer) {
    this.#show(answer);
    try {
      this.#store.choose(this.#name, answer);
      this.#kept = answer;
      this.#note.hidden = !this.#store.problem;
    } catch (error) {
      if (!(error instanceof StoreFailed)) throw error;
      this.#note.hidden = false;
    }
  }

  /** @param {string} answer - "" for none */
  #show(answer) {
    for (const input of this.#answers) input.checked = input.value === answer;
    for (const each of this.#feedback) each.hidden = each.dataset.answer !== answer;
  }
}
