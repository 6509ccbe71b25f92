/** Takes known secrets out of a text, whatever they were written as. */
export type Redact = (text: string) => string;

const SHORTEST = 4;

/** By value, not by the name beside it: a secret is found in any text, also escaped for JSON or a URL, in base64 or hex. */
export function createRedact(secrets: readonly string[]): Redact {
  const forms = secretForms(secrets);
  // The longest first: a shorter one may be a part of it.
  forms.sort((one, other) => other.length - one.length);
  return (text) => forms.reduce((cleaned, form) => cleaned.replaceAll(form, "[hidden]"), text);
}

/** Everything that a secret may look like. */
export function secretForms(secrets: readonly string[]): string[] {
  return [...new Set(secrets.filter((secret) => secret.length >= SHORTEST).flatMap(formsOf))];
}

/** The same for every text in a value that JSON can hold. */
export function redactValue<T>(redact: Redact, value: T): T {
  const text = JSON.stringify(value);
  if (text === undefined) return value;
  const cleaned = redact(text);
  return cleaned === text ? value : (JSON.parse(cleaned) as T);
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, "utf8");
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    bytes.toString("hex"),
    ...base64Forms(bytes),
  ];
}

/** Inside a longer text the base64 of a secret depends on where it begins; its middle is the same in three ways. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const from = Math.ceil((offset * 8) / 6);
    const isWhole = (bytes.length + offset) % 3 === 0;
    const middle = text.slice(from, isWhole ? text.length : -1);
    return middle.length < 8 ? [] : [middle, middle.replaceAll("+", "-").replaceAll("/", "_")];
  });
}
