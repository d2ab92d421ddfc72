// Only makes things quicker: without it every form has its button.
"use strict";

const facets = document.getElementById("facets");
if (facets) {
  facets.classList.add("quick");
  facets.addEventListener("change", (event) => {
    if (event.target.type === "checkbox") facets.requestSubmit();
  });
  // addresses stay short: empty fields are not sent
  facets.addEventListener("submit", () => {
    for (const field of facets.querySelectorAll("input")) if (field.value === "") field.disabled = true;
  });
}

// on a narrow screen what narrows the search begins closed
const panel = document.querySelector("details.facets");
if (panel && window.matchMedia("(max-width: 55rem)").matches) panel.removeAttribute("open");

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    const box = document.getElementById("q");
    box.focus();
    box.select();
  }
});
