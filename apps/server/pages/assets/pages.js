// What scripts add to every page. Pages work without.

import { countDown, localise } from "./moments.js";

localise(document);
countDown(document);
setInterval(() => countDown(document), 1_000);

// A second press of a button while the first is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || form.target !== "") return;
  if (form.dataset.sent !== undefined) event.preventDefault();
  form.dataset.sent = "";
});

// Who comes back with the browser's button finds forms that work.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
});
