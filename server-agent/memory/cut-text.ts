/** About as much as the model sees of a text. */
const MOST_CHARACTERS = 1_000;
/** A paragraph that is shorter joins its neighbour, so that a headline stands with what it is about. */
const FEW_CHARACTERS = 200;

/** The pieces of a text that are found by themselves: paragraphs, joined when short and cut when long. Without its head of YAML. */
export function cutText(text: string): string[] {
  const pieces: string[] = [];
  for (const paragraph of withoutHead(text).split(/\n\s*\n/)) {
    const cleaned = paragraph.trim();
    const last = pieces.at(-1);
    if (cleaned === "") continue;
    if (last !== undefined && Math.min(last.length, cleaned.length) < FEW_CHARACTERS && fits(last, cleaned)) {
      pieces[pieces.length - 1] = `${last}\n\n${cleaned}`;
    } else pieces.push(...cutLong(cleaned));
  }
  return pieces;
}

function withoutHead(text: string): string {
  return text.replace(/^---\n[\s\S]*?\n---\n/, "");
}

function fits(one: string, other: string): boolean {
  return one.length + other.length + 2 <= MOST_CHARACTERS;
}

/** At the last end of a line, or the last gap between words, before it is too long. */
function cutLong(text: string): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > MOST_CHARACTERS) {
    const start = rest.slice(0, MOST_CHARACTERS);
    const gap = [start.lastIndexOf("\n"), start.lastIndexOf(" ")].find((at) => at > MOST_CHARACTERS / 2);
    const end = gap ?? MOST_CHARACTERS;
    pieces.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return rest === "" ? pieces : [...pieces, rest];
}
