import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { mkdirSync } from "node:fs";

const FOLDER = fileURLToPath(
  new URL("../../../../../../target/pages-screenshots/", import.meta.url),
);

/** Keeps what is on the screen as `target/pages-screenshots/<name>.png`. */
export async function keepPicture(page, name) {
  mkdirSync(FOLDER, { recursive: true });
  await page.screenshot({ path: join(FOLDER, `${fileName(name)}.png`), fullPage: true });
}

function fileName(name) {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 100);
}
