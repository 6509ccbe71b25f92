import path from "node:path";
import { shellQuote } from "../platform/shell-quote.ts";

interface Language {
  /** What runs a file of it. */
  readonly interpreter: string;
  readonly print: (text: string) => string;
}

const JAVASCRIPT: Language = { interpreter: "node", print: (text) => `console.log(${JSON.stringify(text)});` };
const LANGUAGES: Readonly<Record<string, Language>> = {
  ".py": { interpreter: "python3", print: (text) => `print(${JSON.stringify(text)})` },
  ".js": JAVASCRIPT,
  ".mjs": JAVASCRIPT,
  ".sh": { interpreter: "bash", print: (text) => `printf '%s\\n' ${shellQuote(text)}` },
};

/** The whole program, in the language that the file's name says; null when it says none. */
export function programThatPrints(file: string, text: string): string | null {
  const language = LANGUAGES[path.extname(file)];
  return language ? `${language.print(text)}\n` : null;
}

/** Null when the file's name does not say how it is run. */
export function commandThatRuns(file: string): string | null {
  const language = LANGUAGES[path.extname(file)];
  return language ? `${language.interpreter} ${shellQuote(file)}` : null;
}
