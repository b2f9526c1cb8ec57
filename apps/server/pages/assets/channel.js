// What scripts add to the streamer's page: copying the overlay's address, and filling a field with a
// file.

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!(button instanceof HTMLButtonElement)) continue;
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy ?? "");
    if (!(field instanceof HTMLInputElement)) return;
    const isCopied = await copy(field);
    if (!isCopied) return;
    tell(button.dataset.copied ?? "");
    button.textContent = button.dataset.copied ?? "";
    setTimeout(() => (button.textContent = label), 3_000);
  });
}

/**
 * Copies a field's text; where the browser does not let scripts copy, the field is shown and
 * selected.
 *
 * @param {HTMLInputElement} field
 */
async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.closest("details")?.setAttribute("open", "");
    field.focus();
    field.select();
    return false;
  }
}

/** @param {string} words Told to screen readers. */
function tell(words) {
  const status = document.getElementById("live-status");
  if (status !== null) status.textContent = words;
}

for (const part of document.querySelectorAll("[data-with-scripts]")) {
  part.removeAttribute("hidden");
}

for (const input of document.querySelectorAll("input[data-fills]")) {
  if (!(input instanceof HTMLInputElement)) continue;
  input.addEventListener("change", async () => {
    const field = document.getElementById(input.dataset.fills ?? "");
    const file = input.files?.[0];
    if (file !== undefined && field instanceof HTMLTextAreaElement) field.value = await file.text();
  });
}
