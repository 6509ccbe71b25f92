/** For bash in the sandbox, with places as its arguments. */

/** Prints those that are there, each followed by NUL. */
export const FIND_PRESENT = `
for place in "$@"; do
  if [ -e "$place" ] || [ -L "$place" ]; then printf '%s\\0' "$place"; fi
done`;

/** Prints how many bytes are in them; fails when one cannot be read. */
export const MEASURE = `set -o pipefail; du --summarize --apparent-size --block-size=1 --total -- "$@" | tail -n 1 | cut -f 1`;

/** Owner, modes, times, links and holes as they are. */
export const PACK = `set -o pipefail
cd / && tar --create --format=posix --sparse --exclude='.ai-infra-restore-*' --file=- -- "\${@#/}" | gzip -1`;

/**
 * Prints the repositories of folders, each followed by NUL: their work and, where that lies elsewhere, their history.
 * What is no repository is left out: git does nothing there.
 */
export const FIND_REPOSITORIES = `
repository() {
  local top common
  top=$(git -C "$1" rev-parse --path-format=absolute --show-toplevel 2>/dev/null)
  common=$(git -C "$1" rev-parse --path-format=absolute --git-common-dir 2>/dev/null) || return 0
  if [ -z "$top" ]; then printf '%s\\0' "$common"; return; fi
  printf '%s\\0' "$top"
  case $common in "$top"/*) ;; *) printf '%s\\0' "$common" ;; esac
}
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
for folder in "$@"; do repository "$folder"; done`;

/** The first argument is a folder of a repository, the others are what it would push to: prints folders, NUL after each. */
export const FIND_REMOTES = `
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
cd -- "$1" 2>/dev/null || exit 0
shift
top=$(git rev-parse --show-toplevel 2>/dev/null || pwd)
if [ $# -eq 0 ]; then
  branch=$(git symbolic-ref --quiet --short HEAD)
  set -- "$(git config "branch.$branch.pushRemote" || git config remote.pushDefault || git config "branch.$branch.remote" || echo origin)"
fi
for remote in "$@"; do
  git remote get-url --push --all "$remote" 2>/dev/null || printf '%s\\n' "$remote"
done | while IFS= read -r url; do
  url=\${url#file://}
  cd -- "$top" && [ -d "$url" ] && cd -- "$url" && printf '%s\\0' "$PWD"
done
true`;

/**
 * Arguments: the folder to work in, the workspace, and what is put back; the packed copy comes in. Everything is unpacked
 * beside, then renamed; when a name cannot be put in place, those before it are taken back. Killed at any moment, it goes
 * on from there the next time. Of the workspace itself, what was kept comes back and what came later stays.
 */
export const UNPACK = `set -o pipefail
stage=$1 workspace=$2
shift 2
is_there() { [ -e "$1" ] || [ -L "$1" ]; }
clear_stage() { chmod -R u+rwX "$stage" 2>/dev/null; rm -rf -- "$stage"; }
# A folder that its owner may not write can only be renamed within its own.
move() {
  local mode=
  if [ -d "$1" ] && [ ! -L "$1" ] && [ ! -w "$1" ]; then mode=$(stat -c %a -- "$1") && chmod u+w -- "$1" || return; fi
  mv -T -- "$1" "$2" || return
  [ -z "$mode" ] || chmod "$mode" -- "$2"
}
finals=() asides=()
take_back() {
  local at
  for ((at = \${#finals[@]} - 1; at >= 0; at--)); do
    move "\${finals[at]}" "$stage/new\${finals[at]}"
    [ -z "\${asides[at]}" ] || move "\${asides[at]}" "\${finals[at]}"
  done
  clear_stage
  exit 1
}
put() {
  local final=$1 aside=
  is_there "$stage/new$final" || return 0
  mkdir -p -- "$(dirname -- "$final")" || take_back
  if is_there "$final"; then
    aside=$(mktemp -d "$stage/old/XXXXXX")/$(basename -- "$final")
    move "$final" "$aside" || take_back
  fi
  if ! move "$stage/new$final" "$final"; then
    [ -z "$aside" ] || move "$aside" "$final"
    take_back
  fi
  finals+=("$final") asides+=("$aside")
}
if [ ! -e "$stage/ready" ]; then
  clear_stage
  mkdir -- "$stage" && chmod u=rwx,go= -- "$stage" && mkdir -- "$stage/new" "$stage/old" || exit 1
  tar --extract --gzip --file=- --directory="$stage/new" --preserve-permissions --no-same-owner || { clear_stage; exit 1; }
  sync -f "$stage"
  : > "$stage/ready"
fi
shopt -s dotglob nullglob
for root in "$@"; do
  if [ "$root" = "$workspace" ]; then
    for entry in "$stage/new$root"/*; do put "$root/\${entry##*/}"; done
  else
    put "$root"
  fi
done
clear_stage`;
