/** One statement of an nginx configuration: a directive with its words, and what stands in its braces. */
export interface Directive {
  readonly name: string;
  readonly words: readonly string[];
  /** Null for one that ends with a semicolon. */
  readonly block: readonly Directive[] | null;
}

/** Reads a configuration. Null when nginx would refuse how it is written. */
export function parseNginx(text: string): readonly Directive[] | null {
  const tokens = tokenize(text);
  if (tokens === null) return null;
  const reader = { tokens, at: 0 };
  return readStatements(reader, "file");
}

type Token = { readonly kind: "word"; readonly text: string } | { readonly kind: "{" | "}" | ";" };

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
}

function readStatements(reader: Reader, within: "file" | "block"): readonly Directive[] | null {
  const found: Directive[] = [];
  for (;;) {
    const token = reader.tokens[reader.at];
    if (token === undefined) return within === "file" ? found : null;
    if (token.kind === "}") {
      reader.at += 1;
      return within === "block" ? found : null;
    }
    const [name, ...words] = readWords(reader);
    const end = reader.tokens[reader.at];
    if (name === undefined || end === undefined || end.kind === "}") return null;
    reader.at += 1;
    const block = end.kind === "{" ? readStatements(reader, "block") : null;
    if (end.kind === "{" && block === null) return null;
    found.push({ name, words, block });
  }
}

function readWords(reader: Reader): string[] {
  const words: string[] = [];
  for (;;) {
    const token = reader.tokens[reader.at];
    if (token?.kind !== "word") return words;
    words.push(token.text);
    reader.at += 1;
  }
}

const SPACES = " \t\r\n";

/**
 * Cuts as nginx does (`ngx_conf_read_token`), so that no directive can hide: `#` begins a comment and quotes begin a
 * word only where a word may begin; inside of a word a closing brace is a part of it, an opening one only after `$`.
 */
function tokenize(text: string): Token[] | null {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const sign = text.charAt(at);
    if (SPACES.includes(sign)) {
      at += 1;
    } else if (sign === "#") {
      const end = text.indexOf("\n", at);
      at = end === -1 ? text.length : end;
    } else if (sign === "{" || sign === "}" || sign === ";") {
      tokens.push({ kind: sign });
      at += 1;
    } else {
      const word = sign === '"' || sign === "'" ? quotedWord(text, at) : plainWord(text, at);
      if (word === null) return null;
      tokens.push({ kind: "word", text: unescaped(word.text) });
      at = word.end;
    }
  }
  return tokens;
}

interface Word {
  readonly text: string;
  readonly end: number;
}

function quotedWord(text: string, start: number): Word | null {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at += 1) {
    if (text.charAt(at) === "\\") at += 1;
    else if (text.charAt(at) === quote) return closedWord(text, start, at);
  }
  return null;
}

/** After a quoted word nginx wants a space, a semicolon or a brace. */
function closedWord(text: string, start: number, close: number): Word | null {
  const next = text.charAt(close + 1);
  if (!`${SPACES};{`.includes(next)) return null;
  return { text: text.slice(start + 1, close), end: close + 1 };
}

function plainWord(text: string, start: number): Word | null {
  let isVariable = false;
  for (let at = start; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === "{" && isVariable) continue;
    isVariable = sign === "$";
    if (sign === "\\") at += 1;
    else if (SPACES.includes(sign) || sign === ";" || sign === "{") return { text: text.slice(start, at), end: at };
  }
  return null;
}

const ESCAPES: Readonly<Record<string, string>> = { t: "\t", r: "\r", n: "\n", '"': '"', "'": "'", "\\": "\\" };

function unescaped(word: string): string {
  return word.replace(/\\([trn"'\\])/g, (whole, sign: string) => ESCAPES[sign] ?? whole);
}
