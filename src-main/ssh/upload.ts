import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path/posix";
import type { ClientChannel } from "ssh2";
import { AppError } from "../../contract/errors.ts";
import type { Upload, UploadOptions } from "../../provisioning/shell.ts";
import { lastLines } from "../platform/command-end.ts";
import { exchange, limited, write } from "./exchange.ts";
import { quote } from "./quote.ts";
import type { Server } from "./run-command.ts";

const UPLOAD_TIMEOUT_MS = 30 * 60_000;

/** Arguments: temporary file, destination, mode, size, SHA-256. Standard input: the content. Owned by who runs it. */
const RECEIVE = `
set -eu
part=$1 destination=$2 mode=$3 size=$4 sum=$5
trap 'rm -f -- "$part"' EXIT
trap 'exit 1' HUP INT TERM PIPE
umask 077
head -c "$size" >"$part"
if [ "$(stat -c %s -- "$part")" != "$size" ]; then echo "cut off" >&2; exit 3; fi
if [ "$(sha256sum <"$part" | cut -c1-64)" != "$sum" ]; then echo "another checksum" >&2; exit 4; fi
chmod "$mode" -- "$part"
mv -fT -- "$part" "$destination"
`;

/** Nothing stands at the destination before all of it has arrived and its checksum was right. */
export async function upload(server: Server, file: Upload, options: UploadOptions = {}): Promise<void> {
  const limit = { ...options, timeoutMs: UPLOAD_TIMEOUT_MS, what: `Uploading ${file.destination}` };
  await limited(limit, (signal) => uploadLimited(server, file, { ...options, signal }));
}

type Limited = UploadOptions & { readonly signal: AbortSignal };

async function uploadLimited(server: Server, file: Upload, options: Limited): Promise<void> {
  const { size, sum } = await measure(file.source);
  const { prefix, input } = await server.elevation();
  const { dir, base } = path.parse(file.destination);
  const part = path.join(dir, `.${base}.${randomUUID()}.part`);
  const result = await exchange(server.session, {
    line: quote([...prefix, "sh", "-c", RECEIVE, "sh", part, file.destination, file.mode, String(size), sum]),
    async feed(channel) {
      await write(channel, input);
      await send(channel, file.source, (done) => options.onProgress?.(done, size));
    },
    signal: options.signal,
  });
  if (result.exitCode !== 0) throw uploadFailed(file, result.stderr);
}

async function measure(source: string): Promise<{ size: number; sum: string }> {
  const hash = createHash("sha256");
  const { size } = await stat(source);
  for await (const chunk of createReadStream(source)) hash.update(chunk as Buffer);
  return { size, sum: hash.digest("hex") };
}

async function send(channel: ClientChannel, source: string, onProgress: (done: number) => void): Promise<void> {
  let done = 0;
  for await (const chunk of createReadStream(source, { highWaterMark: 256 * 1024 })) {
    const bytes = chunk as Buffer;
    await write(channel, bytes);
    done += bytes.length;
    onProgress(done);
  }
}

function uploadFailed(file: Upload, stderr: string): AppError {
  const details = lastLines(stderr.trim());
  if (/No space left on device|Disk quota exceeded/i.test(stderr)) {
    return new AppError("provision.disk_full", `The server's disk is full: ${file.destination} was not uploaded`, {
      hint: "Free some space on the server, then run again: it continues where it stopped.",
      details,
    });
  }
  return new AppError("provision.upload_failed", `${file.destination} was not uploaded`, {
    hint: "Run again: it continues where it stopped.",
    details,
  });
}
