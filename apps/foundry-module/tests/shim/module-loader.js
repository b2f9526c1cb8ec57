import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFileSync } from "node:fs";
import vm from "node:vm";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../scripts");
const sources = new Map();

function sourceOf(path) {
  if (!sources.has(path)) sources.set(path, readFileSync(path, "utf8"));
  return sources.get(path);
}

/** Loads the module into a context of its own, as each browser does: nothing is shared. */
export async function loadModule(context) {
  const modules = new Map();
  const moduleAt = (path) => {
    if (!modules.has(path)) {
      modules.set(path, new vm.SourceTextModule(sourceOf(path), { context, identifier: path }));
    }
    return modules.get(path);
  };
  const main = moduleAt(join(ROOT, "main.js"));
  await main.link((specifier, from) => moduleAt(join(dirname(from.identifier), specifier)));
  await main.evaluate();
  return (file) => moduleAt(join(ROOT, file)).namespace;
}
