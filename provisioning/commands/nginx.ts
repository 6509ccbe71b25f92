import type { OurFile } from "../files/our-files.ts";
import { NGINX, NGINX_DEFAULT, NGINX_FILES } from "../layout.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

const { folder, defaultSite, mark, exampleOff } = NGINX;

/** `try CHANGE…` makes a change in a copy that nginx then tests in the place of its own folder; the copy goes afterwards. */
const TRY = `
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
try() {
  rm -rf "$work/nginx"
  cp -a ${folder} "$work/nginx"
  "$@" "$work/nginx"
  unshare --mount sh -euc 'mount --bind "$1" ${folder}; nginx -t -q' sh "$work/nginx"
}
load() {
  systemctl enable --quiet nginx
  nginx -t -q
  if ! systemctl is-active --quiet nginx; then systemctl start nginx; return; fi
  old=$(pgrep -P "$(systemctl show --property=MainPID --value nginx)" || true)
  systemctl reload nginx
  # A reload returns at once: until then the workers of before answer, by the old configuration.
  tries=100
  for worker in $old; do
    while [ "$(ps -o args= -p "$worker")" = "nginx: worker process" ] && [ "$tries" -gt 0 ]; do
      sleep 0.05
      tries=$((tries - 1))
    done
  done
}
`;

const CONFIGURE = `${TRY}
withDefault=$1 isExampleOn=$2
shift 2
mkdir "$work/files"
while [ $# -gt 0 ]; do
  mkdir -p "$work/files/$(dirname "$1")"
  printf '%s' "$2" >"$work/files/$1"
  chmod 644 "$work/files/$1"
  shift 2
done
change() {
  cp -rT --remove-destination "$work/files" "$1"
  [ "$withDefault" = yes ] || return 0
  mkdir -p "$1/sites-enabled"
  ln -sfn ../sites-available/${defaultSite} "$1/sites-enabled/${defaultSite}"
  [ "$isExampleOn" != yes ] || rm -f "$1/sites-enabled/default"
}
try change
[ "$withDefault $isExampleOn" != "yes yes" ] || touch ${exampleOff}
change ${folder}
load
`;

interface Configuration {
  readonly files: readonly OurFile[];
  readonly withDefault: boolean;
  /** Our default server takes the place of the example site. */
  readonly isExampleOn: boolean;
}

/** Tested as a whole beside what serves, then put in place and loaded. */
export function configureNginx({ files, withDefault, isExampleOn }: Configuration): Command {
  const words = files.flatMap(({ path, text }) => [path.slice(folder.length + 1), text]);
  const isYes = (value: boolean) => (value ? "yes" : "no");
  return rootScript(CONFIGURE, isYes(withDefault), isYes(isExampleOn), ...words);
}

/** Sites that include our snippets keep them. */
const RESTORE = `${TRY}
command -v nginx >/dev/null && [ -d ${folder} ] || exit 0
remove() {
  for file in "$@"; do
    ! head -n 1 "$file" 2>/dev/null | grep -qF '${mark}' || rm -f "$file"
  done
}
withoutDefault() {
  remove "$1/sites-enabled/${defaultSite}" "$1/\${default#${folder}/}"
  [ ! -e ${exampleOff} ] || ln -sfn ${folder}/sites-available/default "$1/sites-enabled/default"
}
withoutAll() {
  withoutDefault "$1"
  for path in $files; do remove "$1/\${path#${folder}/}"; done
}
default=$1
shift
files="$*"
if try withoutAll; then
  withoutAll ${folder}
else
  echo "Sites on this server use the snippets, which stay"
  try withoutDefault
  withoutDefault ${folder}
fi
rm -f ${exampleOff}
nginx -t -q
! systemctl is-active --quiet nginx || systemctl reload nginx
`;

export function restoreNginx(): Command {
  return rootScript(RESTORE, NGINX_DEFAULT, ...NGINX_FILES.filter((path) => path !== NGINX_DEFAULT));
}
