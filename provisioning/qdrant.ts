import { z } from "zod";
import type { WireError } from "../contract/errors.ts";
import type { Lines } from "./fact-lines.ts";
import {
  DAEMON_CREDENTIALS,
  DAEMON_UNIT,
  QDRANT_CONFIG,
  QDRANT_KEY,
  QDRANT_STAMP,
  QDRANT_UNIT,
  UNITS_DIR,
} from "./layout.ts";
import type { Wanted } from "./wanted.ts";

/** The official release, by what `uname -m` says. Its makers publish no sums: these were read when it was chosen. */
interface QdrantRelease {
  readonly asset: string;
  readonly sha256: string;
  readonly bytes: number;
}
export const QDRANT_VERSION = "1.19.0";
const RELEASES: Readonly<Record<string, QdrantRelease>> = {
  x86_64: {
    asset: "qdrant-x86_64-unknown-linux-musl.tar.gz",
    sha256: "9ec667456443463eee390e43cd36988af6b730c6db807b4e39f57c303d0264a3",
    bytes: 31_974_028,
  },
  aarch64: {
    asset: "qdrant-aarch64-unknown-linux-musl.tar.gz",
    sha256: "8986afbbff9ac32d6e2dbe5cabec80565f613f777126096a461ba066573d3245",
    bytes: 29_972_695,
  },
};

export function qdrantRelease(architecture: string): (QdrantRelease & { readonly url: string }) | null {
  const release = RELEASES[architecture];
  if (!release) return null;
  const url = `https://github.com/qdrant/qdrant/releases/download/v${QDRANT_VERSION}/${release.asset}`;
  return { ...release, url };
}

/** Why the file that a person gave is not what belongs on this server; null when it is, or when none was given. */
export function wrongQdrantFile(architecture: string, { qdrant }: Pick<Wanted, "qdrant">): WireError | null {
  const release = qdrantRelease(architecture);
  if (!qdrant || !release || qdrant.sha256 === release.sha256) return null;
  return {
    code: "app.bad_input",
    message: `${qdrant.path} is not Qdrant ${QDRANT_VERSION} for ${architecture}`,
    hint: `Fetch ${release.url} and give that file, as it is.`,
    details: `Its SHA-256 is ${qdrant.sha256}, not ${release.sha256}.`,
  };
}

export const QdrantFacts = z.object({
  /** SHA-256 of the archive that was unpacked here; empty when there is none. */
  installed: z.string(),
  /** Why the server cannot fetch it; empty when it can. Asked only while it is missing. */
  unreachable: z.string(),
  /** Another program holds its port. */
  isPortTaken: z.boolean(),
  hasKey: z.boolean(),
  /** It answers whoever has the key, and nobody else. */
  isServing: z.boolean(),
  /** It was started since its files were written. */
  isCurrent: z.boolean(),
  /** The daemon runs and was not handed the key, or another one. */
  isDaemonWithoutKey: z.boolean(),
});
export type QdrantFacts = z.infer<typeof QdrantFacts>;

export const QDRANT_URL = "http://127.0.0.1:6333";

const KNOWN_SUMS = Object.values(RELEASES).map(({ sha256 }) => sha256);

/** A server without curl yet is asked whether it gets a connection; one with it, for the first byte and the size of the file. */
const REACH = `
case $(uname -m) in
${Object.entries(RELEASES)
  .map(([machine, { bytes }]) => `  ${machine}) url=${qdrantRelease(machine)?.url} bytes=${bytes} ;;`)
  .join("\n")}
  *) url= ;;
esac
if [ -z "$url" ]; then
  p qdrant.unreachable "there is no release for $(uname -m)"
elif command -v curl >/dev/null; then
  said=$(curl -fsSL --proto '=https' --connect-timeout 2 -m 5 -r 0-0 -o /dev/null -D - "$url" 2>&1)
  case $said in
    *[cC]ontent-[rR]ange:\\ bytes\\ 0-0/$bytes*) ;;
    *) p qdrant.unreachable "$(printf '%s\\n' "$said" | sed -n 's/^curl: ([0-9]*) //p' | head -n 1)" ;;
  esac
else
  timeout 2 bash -c '</dev/tcp/github.com/443' 2>/dev/null || p qdrant.unreachable "github.com does not answer"
fi`;

export const QDRANT_PROBE = `
installed=$(cat ${QDRANT_STAMP} 2>/dev/null)
case $installed in
  ${KNOWN_SUMS.join(" | ")}) p qdrant.installed "$installed" ;;
  *) ${REACH.trim()} ;;
esac
if ss -Hltn '( sport = :6333 or sport = :6334 )' 2>/dev/null | grep -q . && ! systemctl is-active --quiet ${QDRANT_UNIT}; then
  p qdrant.portTaken yes
fi
if key=$(unseal ${QDRANT_KEY.name} ${QDRANT_KEY.path}) && [ -n "$key" ]; then
  p qdrant.hasKey yes
  if runs ${QDRANT_UNIT}; then
    code() { curl -s -m 3 --noproxy '*' -o /dev/null -w '%{http_code}' "$@" ${QDRANT_URL}/collections; }
    with=$(printf 'header = "api-key: %s"\\n' "$key" | code -K -)
    case "$with $(code)" in "200 401" | "200 403") p qdrant.serving yes ;; esac
    is_since ${QDRANT_UNIT} ${[QDRANT_STAMP, QDRANT_KEY.path, QDRANT_CONFIG, `${UNITS_DIR}/${QDRANT_UNIT}`].join(" ")} && p qdrant.current yes
  fi
fi
if systemctl is-active --quiet ${DAEMON_UNIT}; then
  handed=$(cat ${DAEMON_CREDENTIALS}/${QDRANT_KEY.name} 2>/dev/null)
  [ -n "$handed" ] && [ "$handed" = "$key" ] || p qdrant.daemonWithoutKey yes
fi
true`;

export function toQdrant(lines: Lines): QdrantFacts {
  const one = (name: string) => lines.get(`qdrant.${name}`)?.[0] ?? "";
  const has = (name: string) => lines.has(`qdrant.${name}`);
  return {
    installed: one("installed"),
    unreachable: has("unreachable") ? one("unreachable") || "no answer" : "",
    isPortTaken: has("portTaken"),
    hasKey: has("hasKey"),
    isServing: has("serving"),
    isCurrent: has("current"),
    isDaemonWithoutKey: has("daemonWithoutKey"),
  };
}
