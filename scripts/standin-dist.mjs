// A folder laid out like Electron's release, around a file that is not Electron. It lets electron-builder do everything
// it does (archive, fuses, names, resources) on machines that cannot download the real one.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** What marks the fuses in Electron's binary, then version 1, the number of fuses, and each one's default. */
const FUSE_SENTINEL = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX";
const FUSE_DEFAULTS = "101100011";

/** @param {string} folder @param {string} version */
export function writeStandinDist(folder, version) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.join(folder, "resources"), { recursive: true });
  mkdirSync(path.join(folder, "locales"));
  const fuses = Buffer.concat([
    Buffer.from(FUSE_SENTINEL),
    Buffer.from([1, FUSE_DEFAULTS.length]),
    Buffer.from(FUSE_DEFAULTS),
  ]);
  const notice = Buffer.from('#!/bin/sh\necho "This is a packaging check, not an installable app." >&2\nexit 1\n');
  writeFileSync(path.join(folder, "electron"), Buffer.concat([notice, fuses, Buffer.from("\n")]), { mode: 0o755 });
  writeFileSync(path.join(folder, "chrome-sandbox"), "", { mode: 0o755 });
  writeFileSync(path.join(folder, "version"), version);
  for (const name of ["LICENSE", "LICENSES.chromium.html", "locales/en-US.pak", "locales/de.pak"]) {
    writeFileSync(path.join(folder, name), "");
  }
}
