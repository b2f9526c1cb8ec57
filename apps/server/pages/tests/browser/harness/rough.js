import assert from "node:assert/strict";

/** What people call themselves and their things, and pages have to show as it is. */
export const ROUGH = {
  markup: `<img src=x onerror="globalThis.hasRun=1"><script>globalThis.hasRun=1</script>`,
  attribute: `" autofocus onfocus="globalThis.hasRun=1" x='`,
  template: "{{ 7*7 }} ${7*7} { $count }",
  rightToLeft: "שלום \u202Eevil\u202C مرحبا",
  emoji: "🐉👩‍👩‍👧‍👦🏴‍☠️",
  long: "W".repeat(500),
};

/** Nothing that somebody typed has been run in the page. */
export async function assertNothingRan(page) {
  assert.equal(await page.evaluate(() => globalThis.hasRun), undefined);
}

/** Nobody has to scroll sideways; who is too wide is told. */
export async function assertFits(page) {
  const tooWide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const all = [...document.body.querySelectorAll("*")];
    const out = all.filter((element) => element.getBoundingClientRect().right > clientWidth);
    return out.map(({ tagName, id, className }) => `${tagName} #${id} .${className}`);
  });
  assert.deepEqual(tooWide, [], `too wide: ${page.url()}`);
}
