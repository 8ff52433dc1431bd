// Repairs what the theme and the bibliography get wrong for screen readers.
document.addEventListener("DOMContentLoaded", () => {
  // docutils writes a list whose entries have a role that no list may hold.
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
