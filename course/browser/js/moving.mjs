// Lets the figures of a page move: its sliders, keys and pointer change what the build has written.

/** @import { Figure, Slider, Tree, Values } from "./figure.mjs" */
/** @import { Files } from "./protocol.mjs" */

/**
 * @param {string} base - the address of the folder that `files` describes
 * @param {Files} files
 */
export function begin(base, files) {
  for (const node of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-figure]"))) {
    const path = `figures/${node.dataset.figure}.js`;
    import(`${base}${path}?v=${files[path]?.sha256.slice(0, 8)}`).then(
      ({ figure }) => new Moving(node, figure),
      () => sentence(node).append(" The sliders could not be loaded. Is there a connection? Then reload this page."),
    );
  }
}

/** @param {Element} node - of a figure @returns {HTMLElement} */
const sentence = (node) => /** @type {HTMLElement} */ (node.querySelector(".moving-sentence"));

class Moving {
  #node;
  #figure;
  /** @type {Values} */
  #values;
  /** @type {Map<Slider, HTMLInputElement>} */
  #inputs = new Map();

  /** @param {HTMLElement} node @param {Figure} figure */
  constructor(node, figure) {
    this.#node = node;
    this.#figure = figure;
    this.#values = { ...figure.values };
    for (const slider of figure.sliders) {
      const input = /** @type {HTMLInputElement} */ (node.querySelector(`[name="${slider.name}"]`));
      this.#inputs.set(slider, input);
      this.#values[slider.name] = slider.start;
      input.addEventListener("input", () => this.#move(slider, Number(input.value)));
      input.addEventListener("keydown", (event) => this.#press(slider, event));
      for (const button of /** @type {NodeListOf<HTMLElement>} */ (input.parentElement?.querySelectorAll("button"))) {
        button.addEventListener("click", () => this.#move(slider, Number(input.value) + Number(button.dataset.by)));
      }
    }
    this.#followPointer(/** @type {HTMLElement} */ (node.querySelector(".moving-panels")));
    /** @type {HTMLFieldSetElement} */ (node.querySelector("fieldset")).disabled = false;
    this.#show();
  }

  /** @param {Slider} slider @param {number} value */
  #move(slider, value) {
    this.#values[slider.name] = Math.min(slider.max, Math.max(slider.min, value));
    this.#figure.moved?.(this.#values, slider.name);
    this.#show();
  }

  /** @param {Slider} slider @param {KeyboardEvent} event */
  #press({ sideways }, event) {
    const other = this.#figure.sliders.find(({ name }) => name === sideways);
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!other || !way) return;
    event.preventDefault();
    this.#move(other, this.#values[other.name] + way * other.step);
  }

  /** @param {HTMLElement} panels */
  #followPointer(panels) {
    const { draw } = this.#figure;
    const pad = panels.querySelector("svg.moving-pad");
    if (!draw || !pad) return;
    /** @param {PointerEvent} event @param {boolean} drags */
    const follow = (event, drags) => {
      const { left, top, width } = pad.getBoundingClientRect();
      const scale = /** @type {SVGSVGElement} */ (pad).viewBox.baseVal.width / width;
      draw(this.#values, (event.clientX - left) * scale, (event.clientY - top) * scale, drags);
      this.#show();
    };
    pad.addEventListener("pointerdown", (event) => {
      pad.setPointerCapture(/** @type {PointerEvent} */ (event).pointerId);
      follow(/** @type {PointerEvent} */ (event), false);
    });
    pad.addEventListener("pointermove", (event) => {
      if (/** @type {PointerEvent} */ (event).buttons) follow(/** @type {PointerEvent} */ (event), true);
    });
  }

  #show() {
    const shown = this.#figure.show(this.#values);
    for (const [{ name, says }, input] of this.#inputs) {
      const text = says(this.#values[name], this.#values);
      input.value = this.#values[name];
      input.setAttribute("aria-valuetext", text);
      /** @type {Element} */ (this.#node.querySelector(`output[for="${input.id}"]`)).textContent = text;
    }
    const panels = /** @type {HTMLElement} */ (this.#node.querySelector(".moving-panels"));
    update(panels, shown.panels);
    panels.setAttribute("aria-label", `${this.#node.dataset.alt} ${shown.sentence}`);
    sentence(this.#node).textContent = shown.sentence;
    update(/** @type {HTMLElement} */ (this.#node.querySelector(".moving-table")), [shown.table]);
  }
}

/**
 * Make the children of an element those of a list, and change only what differs, so that what stays does not move.
 * @param {Element} parent
 * @param {(Tree | string)[]} children
 */
function update(parent, children) {
  children.forEach((child, place) => {
    const there = parent.childNodes[place];
    if (typeof child === "string") {
      if (there?.textContent !== child) parent.textContent = child;
      return;
    }
    const same = there instanceof Element && there.localName === child.tag;
    const space = child.tag === "svg" ? "http://www.w3.org/2000/svg" : parent.namespaceURI;
    const node = same ? there : document.createElementNS(space, child.tag);
    for (const name of node.getAttributeNames()) if (!(name in child.attributes)) node.removeAttribute(name);
    for (const [name, value] of Object.entries(child.attributes)) {
      if (node.getAttribute(name) !== String(value)) node.setAttribute(name, String(value));
    }
    update(node, child.children);
    if (!same) there ? there.replaceWith(node) : parent.append(node);
  });
  while (parent.childNodes.length > children.length) parent.lastChild?.remove();
}
