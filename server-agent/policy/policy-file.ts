import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { type PolicyInForce, readPolicy } from "./read-policy.ts";

/** The policy file as it is at the moment. */
export interface PolicyFile {
  /** Reads the file again when it has changed. Never throws: a file that cannot be read or trusted is a broken one. */
  read(): Promise<PolicyInForce>;
}

export interface PolicyFileParts {
  readonly path: string;
  /** Only root may own it and write to it: else an agent could widen its own rights. */
  readonly mustBeRoots: boolean;
  /** The policy is not what it was; also told at the first reading. `sha256` is null when there is no file. */
  readonly onChanged: (change: { readonly sha256: string | null; readonly policy: PolicyInForce }) => void;
}

const OTHERS_MAY_WRITE = 0o022;

export function openPolicyFile(parts: PolicyFileParts): PolicyFile {
  let known: { readonly mark: string; readonly policy: PolicyInForce } | null = null;
  let sha256: string | null | undefined;
  return {
    async read() {
      const mark = await markOf(parts.path);
      if (known?.mark === mark) return known.policy;
      const text = mark === "none" ? null : await readFile(parts.path, "utf8").catch(() => "");
      const policy = (await distrust(parts)) ?? readPolicy(text);
      known = { mark, policy };
      const digest = text === null ? null : createHash("sha256").update(text).digest("hex");
      if (digest !== sha256) parts.onChanged({ sha256: digest, policy });
      sha256 = digest;
      return policy;
    },
  };
}

/** Changes with every change of the file. */
async function markOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(" ");
  } catch {
    return "none";
  }
}

/** Null when the file may be believed, or there is none. */
async function distrust({ path, mustBeRoots }: PolicyFileParts): Promise<PolicyInForce | null> {
  if (!mustBeRoots) return null;
  const found = await stat(path).catch(() => null);
  if (!found || (found.uid === 0 && (found.mode & OTHERS_MAY_WRITE) === 0)) return null;
  return { state: "broken", complaint: `${path} must belong to root and be writable by nobody else` };
}
