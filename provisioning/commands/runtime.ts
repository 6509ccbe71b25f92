import { CURRENT_RELEASE } from "../layout.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

const UNPACK = `
trap 'rm -f "$1.new"' EXIT
gzip -dc "$1.gz" >"$1.new"
echo "$2  $1.new" | sha256sum --check --quiet -
chmod "$3" "$1.new"
mv -T "$1.new" "$1"
rm -f "$1.gz"
`;

export interface Unpacked {
  readonly path: string;
  readonly sha256: string;
  /** Octal. */
  readonly mode: string;
}

/** Unpacked beside, checked, moved. `<path>.gz` was uploaded before. */
export function unpack(file: Unpacked): Command {
  return rootScript(UNPACK, file.path, file.sha256, file.mode);
}

const TAKE_OVER = `
trap 'rm -f "$2.new"' EXIT
ln -f "$1" "$2.new"
echo "$3  $2.new" | sha256sum --check --quiet -
chmod "$4" "$2.new"
mv -T "$2.new" "$2"
`;

/** The same file in another release; it takes no room of its own. */
export function takeOver(present: string, file: Unpacked): Command {
  return rootScript(TAKE_OVER, present, file.path, file.sha256, file.mode);
}

/** Shell function: lets `current` point to a release, in one move. */
export const POINT = `
point() {
  ln -sfn "$1" ${CURRENT_RELEASE}.new
  mv -T ${CURRENT_RELEASE}.new ${CURRENT_RELEASE}
}
`;

export function activateRelease(folder: string): Command {
  return rootScript(`${POINT}\npoint "$1"`, folder);
}
