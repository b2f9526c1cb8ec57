import js from "@eslint/js";
import globals from "globals";

const asText = "Make elements and set their text, not HTML.";

const rules = {
  "no-unused-vars": ["error", { args: "all", argsIgnorePattern: "^_" }],
  "no-shadow": "error",
  "prefer-const": "error",
  "no-var": "error",
  "no-eval": "error",
  "no-new-func": "error",
  "no-implied-eval": "error",
  "no-restricted-properties": [
    "error",
    { property: "innerHTML", message: asText },
    { property: "outerHTML", message: asText },
    { property: "insertAdjacentHTML", message: asText },
  ],
  "max-lines": ["error", 300],
  "max-lines-per-function": ["error", { max: 40, skipComments: true }],
  eqeqeq: "error",
};

const forTests = {
  ...rules,
  "max-lines-per-function": ["error", { max: 80, skipComments: true }],
};

export default [
  js.configs.recommended,
  {
    files: ["assets/**/*.js"],
    languageOptions: { ecmaVersion: 2022, globals: globals.browser },
    rules,
  },
  {
    // A worker has no document, and gets its pages as events.
    files: ["assets/**/*-worker.js"],
    languageOptions: { ecmaVersion: 2022, globals: globals.sharedWorker },
    rules,
  },
  {
    files: ["tests/**/*.js"],
    languageOptions: { ecmaVersion: 2022, globals: globals.node },
    rules: forTests,
  },
  {
    // What is given to a page is run in the page.
    files: ["tests/{browser,pictures}/**/*.js"],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
  { files: ["*.js"], rules },
];
