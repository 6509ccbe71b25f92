import { readFile } from "node:fs/promises";
import path from "node:path";

export interface Asset {
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
};

/** A file of the built page by the path of its address, `/` being `index.html`. Never reads outside `root`. */
export async function serveAsset(root: string, pathname: string): Promise<Asset> {
  const file = fileInside(root, pathname);
  if (file === null) return notFound(pathname);
  try {
    return { status: 200, headers: headersOf(file), body: await readFile(file) };
  } catch (error) {
    if (isMissing(error)) return notFound(pathname);
    throw error;
  }
}

function fileInside(root: string, pathname: string): string | null {
  const name = decodePath(pathname);
  if (name === null || name.includes("\0")) return null;
  const file = path.join(root, name === "/" ? "index.html" : name);
  return file.startsWith(root + path.sep) ? file : null;
}

function decodePath(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}

/** Vite names what it builds into `assets/` by content, so those never change. */
function headersOf(file: string): Record<string, string> {
  const isNamedByContent = path.basename(path.dirname(file)) === "assets";
  return {
    "content-type": CONTENT_TYPES[path.extname(file)] ?? "application/octet-stream",
    "cache-control": isNamedByContent ? "public, max-age=31536000, immutable" : "no-cache",
  };
}

function notFound(pathname: string): Asset {
  const body = new TextEncoder().encode(`Not found: ${pathname}\n`);
  return { status: 404, headers: { "content-type": "text/plain; charset=utf-8" }, body };
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "EISDIR" || code === "ENOTDIR" || code === "ENAMETOOLONG";
}
