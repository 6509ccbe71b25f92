/** Elements whose contents nobody reads. */
const UNREAD = new Set(["script", "style", "noscript", "template", "svg", "head", "iframe", "object", "select"]);
const BLOCKS = new Set(
  "address article aside blockquote br dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td th tr ul".split(
    " ",
  ),
);
/** Between these there is no empty line. */
const SINGLE = new Set(["br", "dd", "dt", "li", "td", "th", "tr"]);
const SINGLE_MARKS: Readonly<Record<string, string>> = { li: "\n- ", td: " ", th: " " };
const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  ndash: "–",
  mdash: "—",
  hellip: "…",
  copy: "©",
  laquo: "«",
  raquo: "»",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  bull: "•",
  middot: "·",
  times: "×",
  euro: "€",
};

/** The words of a page, with its headings, list marks and the addresses of its links. Takes time in proportion to length. */
export function htmlToText(html: string, base: string): string {
  const out: string[] = [];
  let links: string[] = [];
  let isKept = false;
  for (let at = 0; at < html.length;) {
    const open = html.indexOf("<", at);
    const words = html.slice(at, open === -1 ? html.length : open);
    out.push(isKept ? words : words.replace(/\s+/g, " "));
    if (open === -1) break;
    const tag = readTag(html, open);
    at = tag.end;
    if (tag.name === "pre") isKept = !tag.closes;
    if (tag.end === open + 1) out.push("<");
    else if (UNREAD.has(tag.name) && !tag.closes) at = afterElement(html, tag);
    else if (tag.name === "a") links = followLink(tag, links, { out, base });
    else if (BLOCKS.has(tag.name)) out.push(markOf(tag));
  }
  return tidy(decode(out.join("")));
}

interface Tag {
  /** Empty for a comment, a declaration, or a lone `<`. */
  readonly name: string;
  readonly closes: boolean;
  readonly text: string;
  readonly end: number;
}

function readTag(html: string, open: number): Tag {
  const nothing = { name: "", closes: false, text: "" };
  if (html.startsWith("<!--", open)) {
    const end = html.indexOf("-->", open + 4);
    return { ...nothing, end: end === -1 ? html.length : end + 3 };
  }
  // A lone `<`; looking for its end again and again would take for ever.
  if (!/[a-z/!?]/i.test(html.charAt(open + 1))) return { ...nothing, end: open + 1 };
  const end = html.indexOf(">", open);
  const text = html.slice(open, end === -1 ? html.length : end + 1);
  const name = /^<\/?([a-z][a-z0-9]*)/i.exec(text.slice(0, 40))?.[1]?.toLowerCase() ?? "";
  return { name, closes: text.startsWith("</"), text, end: open + text.length };
}

function afterElement(html: string, { name, text, end }: Tag): number {
  if (text.endsWith("/>")) return end;
  const close = new RegExp(`</${name}\\s*>`, "gi");
  close.lastIndex = end;
  const found = close.exec(html);
  return found ? found.index + found[0].length : html.length;
}

interface Output {
  readonly out: string[];
  readonly base: string;
}

/** The address of a link follows its words. Returns the links that are open. */
function followLink(tag: Tag, open: readonly string[], { out, base }: Output): string[] {
  if (!tag.closes) return [...open, addressOf(tag, base)];
  const address = open.at(-1) ?? "";
  if (address !== "") out.push(` (${address})`);
  return open.slice(0, -1);
}

function addressOf({ text }: Tag, base: string): string {
  const href = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(text.slice(0, 4_000));
  const address = URL.parse(decode(href?.[1] ?? href?.[2] ?? href?.[3] ?? "#"), base);
  if (!address || (address.protocol !== "https:" && address.protocol !== "http:")) return "";
  return address.hash !== "" && address.href.startsWith(`${base.split("#")[0]}#`) ? "" : address.href;
}

function markOf({ name, closes }: Tag): string {
  if (SINGLE.has(name)) return closes ? "" : (SINGLE_MARKS[name] ?? "\n");
  if (closes) return "\n";
  const heading = /^h([1-6])$/.exec(name);
  if (heading) return `\n\n${"#".repeat(Number(heading[1]))} `;
  return name === "p" ? "\n\n" : "\n";
}

function decode(text: string): string {
  return text.replace(/&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});/gi, (entity) => {
    const name = entity.slice(1, -1).toLowerCase();
    if (!name.startsWith("#")) return ENTITIES[name] ?? entity;
    const code = name.startsWith("#x") ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : "";
  });
}

function tidy(text: string): string {
  const lines = text.split("\n").map((line) => line.replace(/[\s\u00A0]+/g, " ").trim());
  return lines
    .filter((line, index) => line !== "" || lines[index - 1] !== "")
    .filter((line) => line !== "-")
    .join("\n")
    .trim();
}
