const NUL = String.fromCharCode(0);

/** PostgreSQL text holds no NUL; they are shown as the replacement character. */
export function storableText(text: string): string {
  return text.includes(NUL) ? text.replaceAll(NUL, "\u{FFFD}") : text;
}
