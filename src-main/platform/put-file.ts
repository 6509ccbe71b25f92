import { chmod, copyFile, rename, rm, stat } from "node:fs/promises";
import type { Upload, UploadOptions } from "../../provisioning/shell.ts";

/** Copies a file to its place on this machine, whole or not at all. */
export async function putFile({ source, destination, mode }: Upload, options: UploadOptions = {}): Promise<void> {
  const part = `${destination}.part-${process.pid}`;
  try {
    await copyFile(source, part);
    await chmod(part, Number.parseInt(mode, 8));
    await rename(part, destination);
  } catch (cause) {
    await rm(part, { force: true });
    throw cause;
  }
  const { size } = await stat(destination);
  options.onProgress?.(size, size);
}
