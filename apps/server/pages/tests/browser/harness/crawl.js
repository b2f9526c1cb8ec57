/** The most pages of one walk; who meets more has lost the way. */
const PAGES_MAX = 80;

/** Not pages of ours to look at: the API's, and what is downloaded. */
const ELSEWHERE = /^\/(docs|auth|api|foundry)\b|\.csv\b/;

/** Follows every link from these paths on, and has each page looked at once. */
export async function walk(visit, starts, look) {
  const queue = [...starts];
  const seen = new Set();
  while (queue.length > 0) {
    const path = queue.shift();
    const key = keyOf(path);
    if (seen.has(key)) continue;
    seen.add(key);
    if (seen.size > PAGES_MAX) throw new Error(`more than ${PAGES_MAX} pages: ${[...seen]}`);
    const response = await visit.goto(path);
    await look(path, response.status());
    queue.push(...(await linksOf(visit)));
  }
  return [...seen];
}

async function linksOf(visit) {
  const links = visit.page.locator("a[href]");
  const addresses = await links.evaluateAll((found) => found.map(({ href }) => href));
  const urls = addresses.map((address) => new URL(address));
  const ours = urls.filter(({ origin }) => origin === visit.place.base);
  return ours.map(({ pathname, search }) => pathname + search)
    .filter((path) => !ELSEWHERE.test(path));
}

/** A list that is filtered or turned over is still the same page. */
function keyOf(path) {
  const { pathname, search } = new URL(path, "http://page");
  const names = [...new URLSearchParams(search).keys()].sort();
  return `${pathname}?${names}`;
}
