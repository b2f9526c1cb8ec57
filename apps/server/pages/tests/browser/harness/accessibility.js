import assert from "node:assert/strict";
import axe from "axe-core";

/** Also what is no rule but good practice: landmarks, one h1, headings in their order. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Has axe look at the page as it is now; what it finds fails the test, with the elements. */
export async function assertAccessible(page) {
  // By the debugging protocol, to which the page's Content-Security-Policy does not apply.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (tags) => globalThis.axe.run(document, { runOnly: tags, resultTypes: ["violations"] }),
    TAGS,
  );
  assert.deepEqual(violations.map(told), [], `axe at ${page.url()}`);
}

function told({ id, help, nodes }) {
  const where = nodes.map(({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary}`);
  return `${id} (${help})\n${where.join("\n")}`;
}
