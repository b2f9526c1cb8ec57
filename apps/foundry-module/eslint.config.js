import js from "@eslint/js";
import globals from "globals";

/** What Foundry puts into the global scope, as far as the module uses it. */
const foundry = Object.fromEntries(
  ["CONFIG", "CONST", "ChatMessage", "Hooks", "Roll", "canvas", "foundry", "fromUuid",
    "fromUuidSync", "game", "io", "ui"].map((name) => [name, "readonly"]),
);

const rules = {
  "no-unused-vars": ["error", { args: "all", argsIgnorePattern: "^_" }],
  "no-shadow": "error",
  "prefer-const": "error",
  "no-var": "error",
  "no-eval": "error",
  "no-new-func": "error",
  "no-implied-eval": "error",
  "no-restricted-properties": ["error", { property: "innerHTML", message: "Set text, not HTML." }],
  "max-lines": ["error", 300],
  "max-lines-per-function": ["error", { max: 40, skipComments: true }],
  eqeqeq: "error",
};

export default [
  js.configs.recommended,
  {
    files: ["scripts/**/*.js"],
    languageOptions: { ecmaVersion: 2022, globals: { ...globals.browser, ...foundry } },
    rules,
  },
  {
    files: ["tests/**/*.js"],
    languageOptions: { ecmaVersion: 2022, globals: globals.node },
    rules: { ...rules, "max-lines-per-function": ["error", { max: 80, skipComments: true }] },
  },
  { files: ["*.js"], rules },
];
