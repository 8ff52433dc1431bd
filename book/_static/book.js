// Repairs what the theme and the bibliography do wrong for screen readers.
document.addEventListener("DOMContentLoaded", () => {
  // docutils gives the entries of this list a role that is not allowed in a list.
  for (const entry of document.querySelectorAll(".citation-list > .citation")) {
    entry.setAttribute("role", "listitem");
  }
  // The book's name in the sidebar lies outside every landmark.
  for (const logo of document.querySelectorAll(".bd-sidebar-primary .navbar-brand")) {
    const item = logo.parentElement;
    item.setAttribute("role", "navigation");
    item.setAttribute("aria-label", "Start of the book");
  }
  const place = document.querySelector("[data-assignment]");
  if (place && why()) place.textContent = why();
});

// What is wider than its place scrolls, and is a stop of the Tab key. Each is measured when it comes
// near: to measure all at once, as the theme would, the browser has to lay out the whole page.
const SCROLLS = "pre, .math, .cell_output > .output, .pst-scrollable-table-container";
const sizes = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    const formula = target.querySelector(":scope > math");
    const room = formula && target.parentElement.closest("p, li, td, dd, div, figcaption, section");
    const scrolls = formula
      ? formula.getBoundingClientRect().width > room.clientWidth + 1
      : target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight;
    if (scrolls) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});
document.addEventListener("DOMContentLoaded", () => {
  for (const place of document.querySelectorAll(SCROLLS)) sizes.observe(place);
});

/** Why an assignment cannot be done on this page; "" if it can, as far as this script knows. */
function why() {
  if (location.protocol === "file:") {
    return (
      "To write and check here, open this page through a server. In the folder of the book, type " +
      "python3 -m http.server --bind 127.0.0.1 8000 and open http://127.0.0.1:8000/ in a browser."
    );
  }
  if (!("noModule" in HTMLScriptElement.prototype)) {
    return "This browser is too old to run Python here. Use a newer one, or download the notebook below.";
  }
  return "";
}
