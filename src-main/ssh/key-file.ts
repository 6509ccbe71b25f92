import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import ssh2 from "ssh2";
import { AppError } from "../../contract/errors.ts";

export type ReadKey =
  | { readonly kind: "key"; readonly content: Buffer }
  | { readonly kind: "needs_passphrase"; readonly wrong: boolean };

/** Reads a private key in any format ssh2 knows, as far as it goes without asking anybody. */
export async function readKeyFile(file: string, passphrase: string | undefined): Promise<ReadKey> {
  const content = await readFile(expandHome(file)).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  const parsed = ssh2.utils.parseKey(content, passphrase);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key instanceof Error) {
    if (isLocked(key.message)) return { kind: "needs_passphrase", wrong: passphrase !== undefined };
    throw unreadable(file, key);
  }
  if (!key || !("isPrivateKey" in key) || !key.isPrivateKey()) {
    throw new AppError("connection.key_unreadable", `${file} holds a public key, not a private one`, {
      hint: "Choose the file without .pub at its end.",
    });
  }
  return { kind: "key", content };
}

export function expandHome(file: string): string {
  return file === "~" || file.startsWith("~/") ? path.join(homedir(), file.slice(1)) : file;
}

/** The words ssh2 has for a missing and for a wrong passphrase. */
function isLocked(message: string): boolean {
  return /no passphrase|passphrase given|bad passphrase|integrity check failed|bad decrypt|decrypt/i.test(message);
}

function unreadable(file: string, cause: unknown): AppError {
  const code = (cause as NodeJS.ErrnoException).code;
  const why =
    code === "ENOENT"
      ? "there is no such file"
      : code === "EACCES"
        ? "it may not be read by you"
        : code === "EISDIR"
          ? "it is a folder"
          : "it is not a private key in a known format";
  return new AppError("connection.key_unreadable", `The key file ${file} cannot be used: ${why}`, {
    hint: "Choose the private key file whose public key is on the server.",
    cause,
  });
}
