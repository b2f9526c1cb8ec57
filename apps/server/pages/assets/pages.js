// What scripts add to every page. Pages work without.

// Moments are told in the reader's own time zone.
const language = document.documentElement.lang;
const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });

/** @param {ParentNode} root */
export function localise(root) {
  for (const element of root.querySelectorAll('time[datetime]')) {
    const at = new Date(element.getAttribute('datetime') ?? '');
    if (!Number.isNaN(at.getTime())) {
      element.textContent = day.format(at);
    }
  }
}

localise(document);

// A second press of a button while the first is on its way does nothing.
document.addEventListener('submit', (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  if (form.method === 'post' && form.target === '') {
    form.dataset.sent = '';
  }
});

// Who comes back with the browser's button finds forms that work.
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) {
    form.removeAttribute('data-sent');
  }
});
