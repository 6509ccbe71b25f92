import { isIP } from "node:net";
import { ask, deny, type Finding, type Ground } from "./parts.ts";

/** Judges one address that is only read from. */
export function judgeUrl(text: string, { rules }: Ground): readonly Finding[] {
  const url = URL.parse(text);
  if (url === null) return [ask(`the address ${text} cannot be read`)];
  const { protocol, hostname, port, username } = url;
  if (rules.hosts.length === 0) return [deny(`level "${rules.name}" has no network`)];
  if (isLocal(hostname)) return [deny(`${hostname} is an address of this server or of a private network`)];
  const complaint =
    protocol !== "https:"
      ? `${text} is not https`
      : port !== ""
        ? `port ${port} of ${hostname} is not 443`
        : username !== ""
          ? `${hostname} would be given a user name`
          : rules.hosts === "any" || rules.hosts.includes(hostname)
            ? null
            : `${hostname} is not on the list of level "${rules.name}"`;
  if (complaint === null) return [];
  return [rules.asks.hosts ? ask(complaint) : deny(complaint)];
}

export function hostOf(text: string): string {
  return URL.parse(text)?.hostname ?? text;
}

/** Names and addresses that stay on the machine or its network: services there trust whoever reaches them. */
function isLocal(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (name === "localhost" || /\.(localhost|local|internal|lan|home|corp)$/.test(name) || !/[.:]/.test(name))
    return true;
  if (isIP(name) === 6) return !/^[23]/.test(name);
  if (isIP(name) !== 4) return false;
  const [first = 0, second = 0] = name.split(".").map(Number);
  return (
    [0, 10, 127].includes(first) ||
    first >= 224 ||
    (first === 100 && second >= 64 && second < 128) ||
    (first === 169 && second === 254) ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 192 && second === 168)
  );
}
