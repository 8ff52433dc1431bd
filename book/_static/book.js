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
});
