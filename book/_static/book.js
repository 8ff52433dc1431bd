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

// Formulas are no stops of the Tab key, except those that are wider than the page and scroll.
addEventListener("load", async () => {
  await window.MathJax?.startup.promise;
  const mark = () => {
    for (const formula of document.querySelectorAll("mjx-container")) {
      const scrolls = /auto|scroll/.test(getComputedStyle(formula).overflowX);
      if (scrolls && formula.scrollWidth > formula.clientWidth) formula.setAttribute("tabindex", "0");
      else formula.removeAttribute("tabindex");
    }
  };
  mark();
  addEventListener("resize", mark);
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
