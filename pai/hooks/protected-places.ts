import { realpathSync } from "node:fs";
import path from "node:path";
import { ask, deny, strictest, type Verdict } from "./verdict.ts";

export type Access = "read" | "write";

/** Who holds one of these can act as somebody else. */
const CREDENTIALS = [
  /\/\.ssh$/,
  /\/\.ssh\/(?![^/]*\.pub$|known_hosts|config$)/,
  /\/id_(rsa|dsa|ecdsa|ed25519)(_sk)?$/,
  /\/\.(aws|azure|gnupg|kube|config\/gcloud|config\/rclone)(\/|$)/,
  /\/\.docker\/config\.json$/,
  /\/\.config\/gh\/hosts\.yml$/,
  /\/\.(netrc|pgpass|my\.cnf|git-credentials|pypirc|vault-token|credentials\.json)$/,
  /\/(credentials|service-account[^/]*|client_secret[^/]*)\.json$/,
  /\/(privkey|private)[^/]*\.pem$/,
  /[-_.]key\.pem$/,
  /\.(key|p12|pfx|jks|keystore|kdbx|ppk)$/,
  /^\/etc\/(g?shadow-?|sudoers|sudoers\.d|credstore[^/]*|ssl\/private|ssh\/ssh_host_[^/]*_key)(\/|$)/,
  /^\/(var\/)?run\/(credentials|secrets)(\/|$)/,
  /^\/proc\/[^/]+\/(environ|mem)$/,
];

/** Often credentials, often only settings: a person decides. */
const PERHAPS_CREDENTIALS = [/\/\.env(\.(?!example$|sample$|template$|dist$)[^/]+)?$/, /\/\.npmrc$/];

/** What decides about agents. They may know the rules, not write them. */
const RULES = [/\/\.claude\/(settings[^/]*\.json|hooks(\/|$))/, /\/\.claude$/, /^\/(etc|opt)\/ai-infrastructure(\/|$)/];

/** Judges where a path leads, and where it really leads. */
export function judgePath(file: string, access: Access, from: string): Verdict {
  const named = path.resolve(from, file);
  return strictest([...new Set([named, realPath(named)])].map((place) => judgePlace(place, file, access)));
}

function judgePlace(place: string, file: string, access: Access): Verdict {
  if (isOneOf(CREDENTIALS, place)) return deny(`${file} holds credentials, which agents neither read nor write`);
  if (access === "write" && isOneOf(RULES, place))
    return deny(`${file} decides what agents may do; a person changes it`);
  if (isOneOf(PERHAPS_CREDENTIALS, place)) return ask(`${file} may hold credentials`);
  return null;
}

function isOneOf(patterns: readonly RegExp[], place: string): boolean {
  return patterns.some((pattern) => pattern.test(place));
}

/** With the links that exist resolved. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    const parent = path.dirname(file);
    return parent === file ? file : path.join(realPath(parent), path.basename(file));
  }
}
