import { createHash, randomBytes } from "node:crypto";
import type { SecretMarks } from "../../contract/console-api.ts";
import { type Redact, secretForms } from "./redact.ts";

const BASE = 0x01000193;

/** Secrets as marks: who has them finds the secrets in a text, and learns nothing else of them. */
export function markSecrets(secrets: readonly string[]): SecretMarks {
  const salt = randomBytes(16).toString("hex");
  const marks = secretForms(secrets).map((form) => {
    return { length: form.length, sum: sumOf(form), hash: saltedHash(salt, form) };
  });
  return { salt, marks };
}

/** Takes the marked secrets out of a text, each wherever it stands. */
export function createMask({ salt, marks }: SecretMarks): Redact {
  // The longest first: a shorter one may be a part of it.
  const lengths = [...Map.groupBy(marks, ({ length }) => length)].toSorted(([one], [other]) => other - one);
  const sums = lengths.map(([length, same]) => ({
    length,
    hashes: new Map(same.map(({ sum, hash }) => [sum, hash])),
  }));
  return (text) => sums.reduce((cleaned, marked) => hide(cleaned, { ...marked, salt }), text);
}

interface Marked {
  readonly length: number;
  readonly salt: string;
  /** By their sums. */
  readonly hashes: ReadonlyMap<number, string>;
}

function hide(text: string, { length, salt, hashes }: Marked): string {
  let clean = "";
  let from = 0;
  for (const start of windowsWith(text, length, hashes)) {
    const form = text.slice(start, start + length);
    if (start < from || saltedHash(salt, form) !== hashes.get(sumOf(form))) continue;
    clean += `${text.slice(from, start)}[hidden]`;
    from = start + length;
  }
  return from === 0 ? text : clean + text.slice(from);
}

/** Where the sum of the next `length` characters is one of these; each sum is made from the one before it. */
function* windowsWith(text: string, length: number, sums: ReadonlyMap<number, string>): Generator<number> {
  if (text.length < length) return;
  let sum = sumOf(text.slice(0, length));
  let highest = 1;
  for (let index = 1; index < length; index += 1) highest = Math.imul(highest, BASE);
  for (let start = 0; ; start += 1) {
    if (sums.has(sum)) yield start;
    if (start + length >= text.length) return;
    const without = (sum - Math.imul(text.charCodeAt(start), highest)) | 0;
    sum = (Math.imul(without, BASE) + text.charCodeAt(start + length)) | 0;
  }
}

function sumOf(text: string): number {
  let sum = 0;
  for (let index = 0; index < text.length; index += 1) sum = (Math.imul(sum, BASE) + text.charCodeAt(index)) | 0;
  return sum;
}

function saltedHash(salt: string, text: string): string {
  return createHash("sha256").update(`${salt}\n${text}`).digest("hex");
}

/** What a program prints piece by piece, given on as far as no secret can have begun in it. */
export function maskPieces(mask: Redact, { marks }: SecretMarks, show: (text: string) => void) {
  const longest = Math.max(0, ...marks.map(({ length }) => length));
  let held = "";
  return {
    add(piece: string): void {
      const text = mask(held + piece);
      // No secret goes over the end of a line.
      const safe = longest === 0 ? text.length : Math.max(text.lastIndexOf("\n") + 1, text.length - longest + 1);
      held = text.slice(safe);
      if (safe > 0) show(text.slice(0, safe));
    },
    end(): void {
      if (held !== "") show(held);
      held = "";
    },
  };
}
