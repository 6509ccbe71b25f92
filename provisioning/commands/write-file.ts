import type { OurFile } from "../files/our-files.ts";
import { withInput } from "../shell.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

/** Tests a file before it takes its place: a script that gets its path as `$1`. */
export type FileTest =
  | "true"
  | 'visudo -cqf "$1"'
  | 'systemd-analyze verify --man=no "$1"'
  | 'APT_CONFIG="$1" apt-config dump >/dev/null'
  | 'apparmor_parser --skip-kernel-load --skip-cache "$1"'
  | 'logrotate --debug "$1" 2>/dev/null';

const WRITE = `
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
staged="$folder/$(basename "$1")"
cat >"$staged"
chmod "$2" "$staged"
sh -euc "$3" sh "$staged"
mkdir -p "$(dirname "$1")"
install -o root -g root -m "$2" "$staged" "$1.new"
mv -T "$1.new" "$1"
`;

/** Written beside, tested, moved: a file that fails its test leaves the old one serving. */
export function writeFile(file: OurFile, test: FileTest = "true"): Command {
  return withInput(rootScript(WRITE, file.path, file.mode, test), file.text);
}

export function removeFiles(...paths: readonly string[]): Command {
  return rootScript(`rm -rf -- "$@"`, ...paths);
}
