import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { AppError } from "../../contract/errors.ts";
import type { GivenFile } from "../../provisioning/wanted.ts";

/** A file that a person names, with its sum; null when none is named. */
export async function readGivenFile(path: string | undefined): Promise<GivenFile | null> {
  if (path === undefined) return null;
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash).catch((cause: unknown) => {
    throw new AppError("app.bad_input", `${path} cannot be read`, { hint: "Name a file on this computer.", cause });
  });
  return { path, sha256: hash.digest("hex") };
}
