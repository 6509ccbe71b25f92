import { createCssVariablesTheme, createHighlighterCore, type HighlighterCore } from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";

export interface CodeToken {
  readonly text: string;
  readonly color: string;
}
export type CodeLine = readonly CodeToken[];

const LANGUAGES = {
  bash: () => import("shiki/langs/bash.mjs"),
  css: () => import("shiki/langs/css.mjs"),
  diff: () => import("shiki/langs/diff.mjs"),
  html: () => import("shiki/langs/html.mjs"),
  ini: () => import("shiki/langs/ini.mjs"),
  javascript: () => import("shiki/langs/javascript.mjs"),
  json: () => import("shiki/langs/json.mjs"),
  markdown: () => import("shiki/langs/markdown.mjs"),
  python: () => import("shiki/langs/python.mjs"),
  sql: () => import("shiki/langs/sql.mjs"),
  tsx: () => import("shiki/langs/tsx.mjs"),
  typescript: () => import("shiki/langs/typescript.mjs"),
  yaml: () => import("shiki/langs/yaml.mjs"),
};
type Language = keyof typeof LANGUAGES;

const ALIASES: Record<string, Language> = {
  sh: "bash",
  shell: "bash",
  zsh: "bash",
  console: "bash",
  js: "javascript",
  mjs: "javascript",
  ts: "typescript",
  jsx: "tsx",
  py: "python",
  yml: "yaml",
  md: "markdown",
  toml: "ini",
  conf: "ini",
};

/** Every theme colour is one of our tokens, so code follows the theme without being drawn again. */
const theme = createCssVariablesTheme({ name: "tokens", variablePrefix: "--code-", fontStyle: false });

let highlighter: Promise<HighlighterCore> | undefined;

/** Null for a language that is not known. */
export async function highlight(code: string, name: string): Promise<readonly CodeLine[] | null> {
  const language = known(name.toLowerCase());
  if (!language) return null;
  highlighter ??= createHighlighterCore({ themes: [theme], langs: [], engine: createJavaScriptRegexEngine() });
  const core = await highlighter;
  if (!core.getLoadedLanguages().includes(language)) await core.loadLanguage(LANGUAGES[language]());
  const { tokens } = core.codeToTokens(code, { lang: language, theme: "tokens" });
  return tokens.map((line) => line.map((token) => ({ text: token.content, color: token.color ?? "" })));
}

function known(name: string): Language | undefined {
  return name in LANGUAGES ? (name as Language) : ALIASES[name];
}
