// The cells of an assignment's page: what a learner sees of each and can do with it.
import { shareOf } from "./assignment.mjs";
import { button, element } from "./dom.mjs";
import { Editor } from "./editor.mjs";
import { checked, gradeId } from "./notebook.mjs";
import { Outputs } from "./outputs.mjs";

/** @import { Page } from "./page.mjs" */
/** @import { Cell } from "./notebook.mjs" */
/** @import { Outcome } from "./protocol.mjs" */

const ENOUGH = 40; // characters of a written answer that count as an attempt
const NO_HINT = "Compute the worked number of this section by hand, one quantity at a time.";

/** @param {number} share - of the points @param {number} points */
const agreement = (share, points) => `${share === 1 ? "Agrees" : "Agrees in part"}: ${share * points} of ${points} points.`;

/** A cell in which a learner writes: Python, or text. */
export class WritingCell {
  outputs = new Outputs();

  /**
   * @param {Page} page
   * @param {Cell} cell
   */
  constructor(page, cell) {
    this.cell = cell;
    this.node = element("div", { class: "tab-writing", "data-id": cell.id });
    const isCode = cell.cell_type === "code";
    const name = gradeId(cell) || (page.assignment.isOwn(cell.id) ? "a cell of your own" : "this cell");
    this.editor = new Editor(this.node, {
      text: cell.source,
      label: isCode
        ? `Code of ${name}. Tab indents; press Escape, then Tab, to leave the editor.`
        : `Text of ${name}.`,
      code: isCode,
      changed: (text) => page.write(cell.id, text),
      submit: () => page.submit(cell.id),
    });
    this.node.append(element("div", { class: "tab-buttons" }, ...this.#buttons(page, name)), this.outputs.node);
  }

  /** Whether it shows a cell as it is. @param {Cell} cell */
  shows(cell) {
    return cell.cell_type === this.cell.cell_type && cell.source === this.editor.text;
  }

  /** @param {Page} page @param {string} name - of the cell */
  #buttons(page, name) {
    const { cell } = this;
    const add = button("Add a cell below", () => page.addCell(cell.id), "tab-minor", name);
    if (cell.cell_type !== "code") return page.assignment.isOwn(cell.id) ? [this.#remove(page)] : [];
    const run = button("Run", () => page.run(cell.id), "", name);
    return page.assignment.isOwn(cell.id) ? [run, add, this.#remove(page)] : [run, add];
  }

  /** @param {Page} page */
  #remove(page) {
    return button("Remove this cell", () => page.removeCell(this.cell.id), "tab-minor");
  }
}

/** The check of a function. */
export class CheckCell {
  outputs = new Outputs();
  #hints = 0;

  /**
   * @param {Page} page
   * @param {Cell} cell
   */
  constructor(page, cell) {
    this.cell = cell;
    this.name = checked(cell);
    this.page = page;
    this.verdict = element("p", { class: "tab-verdict" });
    this.message = element("pre", { class: "tab-message" });
    this.advice = element("div", { class: "tab-advice", role: "status" });
    this.solution = element("div", {});
    const tools = [
      button(`Check ${this.name}`, () => page.check(cell.id), "tab-main"),
      button("Hint", () => this.#hint(), "tab-minor", this.name),
    ];
    if (page.hasAnswers) tools.push(button("Solution", () => this.#showSolution(), "tab-minor", this.name));
    this.node = element(
      "div",
      { class: "tab-check", "data-id": cell.id },
      element("div", { class: "tab-buttons" }, ...tools),
      element("div", { role: "status" }, this.verdict, this.message),
      this.outputs.node,
      this.advice,
      this.solution,
    );
  }

  /** Whether it shows a cell as it is: checks never change. @param {Cell} _ */
  shows(_) {
    return true;
  }

  /** Say that the check is being made. @param {string} text */
  wait(text) {
    this.#show("waits", text, "");
  }

  /**
   * @param {Outcome | undefined} outcome
   * @param {boolean} current - whether the answer is still the one that was checked
   */
  show(outcome, current) {
    const points = this.page.assignment.data.graded[this.name]?.points ?? 0;
    if (!outcome) this.#show("", "", "");
    else if (!current) this.#show("old", "You have changed the code since this check.", outcome.text);
    else if (outcome.ok) this.#show("agrees", agreement(shareOf(outcome), points), outcome.text);
    else this.#show("differs", `Not yet: 0 of ${points} points.`, outcome.text);
  }

  /** @param {string} kind @param {string} verdict @param {string} message */
  #show(kind, verdict, message) {
    this.node.dataset.outcome = kind;
    this.verdict.textContent = verdict;
    this.message.replaceChildren(...emphasised(message.replace(/^If you are stuck, run hint\(\).*$/m, "If you are stuck, press Hint.")));
    this.message.hidden = !message;
    if (kind === "agrees") this.#forgetHints();
  }

  #hint() {
    const { section, look } = this.page.assignment.data.graded[this.name] ?? {};
    /** @type {(Node | string)[][]} */
    const steps = [];
    if (section) {
      const link = element("a", { href: `../${section.address}`, text: section.name });
      steps.push(["Read the section ", link, "."]);
    }
    if (look) steps.push([look]);
    if (!steps.length) steps.push([NO_HINT]);
    this.#hints = Math.min(this.#hints + 1, steps.length);
    const given = steps.slice(0, this.#hints).map((step) => element("p", {}, ...step));
    const more = this.#hints < steps.length ? "Press Hint again for one more." : "There is no further hint.";
    this.advice.replaceChildren(...given, element("p", { text: more }));
  }

  #forgetHints() {
    this.#hints = 0;
    this.advice.replaceChildren();
  }

  async #showSolution() {
    const source = await this.page.solution(this.name);
    if (!source) return;
    this.solution.replaceChildren(
      element("p", { text: `One way to write ${this.name}:` }),
      element("pre", { class: "tab-output tab-solution", tabindex: "0", text: source }),
    );
  }
}

/** Split a message where it stresses words by asterisks, as Markdown does. @param {string} message */
function emphasised(message) {
  const parts = message.split(/(?<=^|[\s(])\*(\S[^*\n]*?)\*(?=$|[\s.,;:)])/);
  return parts.map((part, number) => (number % 2 ? element("em", { text: part }) : part));
}

/** Text that was rendered when the site was built. @param {string} html */
function fromOurSite(html) {
  const node = element("div", { class: "tab-solution" });
  node.innerHTML = html;
  return node;
}

/** A written answer, which a person grades. */
export class WrittenCell extends WritingCell {
  /**
   * @param {Page} page
   * @param {Cell} cell
   */
  constructor(page, cell) {
    super(page, cell);
    const points = page.assignment.data.graded[gradeId(cell)]?.points ?? 0;
    this.node.append(element("p", { class: "tab-verdict", text: `A person reads this: ${points} points.` }));
    if (!page.hasAnswers) return;
    const model = element("div", { role: "status" });
    const show = async () => {
      const attempted = this.editor.text !== page.assignment.released(cell.id) && this.editor.text.trim().length >= ENOUGH;
      const answers = attempted ? await page.answers() : undefined;
      if (attempted && !answers) return;
      const answer = answers?.written[gradeId(cell)];
      model.replaceChildren(
        answer
          ? fromOurSite(answer)
          : element("p", { text: "Write an answer of your own first; then compare it with the model answer." }),
      );
    };
    this.node.append(element("div", { class: "tab-buttons" }, button("Model answer", show, "tab-minor")), model);
  }
}
