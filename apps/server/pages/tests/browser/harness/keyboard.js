const STOPS_MAX = 80;

/** Moves on with the Tab key until the focus is on what has that role and name. */
export async function tabTo(page, role, name) {
  const wanted = page.getByRole(role, { name, exact: true });
  for (let stop = 0; stop < STOPS_MAX; stop += 1) {
    await page.keyboard.press("Tab");
    if (await wanted.evaluate((element) => element === document.activeElement)) {
      await assertSeen(page, name);
      return;
    }
  }
  throw new Error(`the Tab key does not reach the ${role} ${name}`);
}

/** Who moves by keyboard sees where they are. */
async function assertSeen(page, name) {
  const isSeen = await page.evaluate(() => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
  });
  if (!isSeen) throw new Error(`${name} has the focus and does not show it`);
}
