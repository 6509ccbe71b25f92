import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** Where this machine gets its Debian packages from, so that lab servers use the same place in the same way. */
export interface PackageSources {
  readonly mirror: string;
  readonly securityMirror: string | null;
  /** apt configuration by file name: proxies, checks, index choices. */
  readonly settings: Readonly<Record<string, string>>;
}

const DEFAULT_MIRROR = "http://deb.debian.org/debian";

export async function readPackageSources(suite: string): Promise<PackageSources> {
  const entries = [
    ...parseOneLine(await readIfThere("/etc/apt/sources.list")),
    ...(await readFolder("/etc/apt/sources.list.d", ".list")).flatMap(([, text]) => parseOneLine(text)),
    ...(await readFolder("/etc/apt/sources.list.d", ".sources")).flatMap(([, text]) => parseDeb822(text)),
  ];
  const uriOf = (wanted: string) => entries.find((entry) => entry.suites.includes(wanted))?.uri;
  return {
    mirror: uriOf(suite) ?? uriOf("bookworm") ?? DEFAULT_MIRROR,
    securityMirror: uriOf(`${suite}-security`) ?? null,
    settings: Object.fromEntries((await readFolder("/etc/apt/apt.conf.d", "")).filter(isAboutFetching)),
  };
}

export function sourcesList(suite: string, sources: PackageSources): string {
  const lines = [`deb ${sources.mirror} ${suite} main`, `deb ${sources.mirror} ${suite}-updates main`];
  if (sources.securityMirror) lines.push(`deb ${sources.securityMirror} ${suite}-security main`);
  return `${lines.join("\n")}\n`;
}

interface SourceEntry {
  readonly uri: string;
  readonly suites: readonly string[];
}

/** `deb [options] URI SUITE COMPONENTS…` */
export function parseOneLine(text: string): SourceEntry[] {
  return text
    .split("\n")
    .map((line) => /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s/.exec(`${line} `))
    .flatMap((match) => (match?.[1] && match[2] ? [{ uri: match[1], suites: [match[2]] }] : []));
}

/** Paragraphs of `Types:`, `URIs:`, `Suites:` fields. */
export function parseDeb822(text: string): SourceEntry[] {
  const paragraphs = text.replaceAll(/^#.*\n?/gm, "").split(/\n\s*\n/);
  return paragraphs.flatMap((paragraph) => {
    const field = (name: string) =>
      new RegExp(`^${name}:(.*)$`, "im").exec(paragraph)?.[1]?.trim().split(/\s+/).filter(Boolean) ?? [];
    if (!field("Types").includes("deb")) return [];
    return field("URIs").map((uri) => ({ uri, suites: field("Suites") }));
  });
}

/** Container images delete downloaded packages by hooks and settings of their own; a server does not. */
function isAboutFetching([name, text]: readonly [string, string]): boolean {
  return /^\s*Acquire::/m.test(text) && !/Invoke/.test(text) && !name.startsWith("docker-");
}

async function readFolder(folder: string, extension: string): Promise<[string, string][]> {
  const names = await readdir(folder).catch(() => []);
  const wanted = names.filter((name) => name.endsWith(extension)).sort();
  return Promise.all(wanted.map(async (name) => [name, await readIfThere(path.join(folder, name))]));
}

function readIfThere(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}
