import { APP_KEY_COMMENT } from "../layout.ts";
import { command, withInput, type Command } from "../shell.ts";
import { rootScript } from "./script.ts";

/** As the login itself, so that owners are right. sshd refuses keys in places that others may write to. */
const INSTALL = `
umask 077
cd
read -r line
mkdir -p .ssh
file=.ssh/authorized_keys
touch "$file"
chmod go-w .ssh "$file"
! grep -qxF -- "$line" "$file" || exit 0
[ -z "$(tail -c 1 "$file")" ] || echo >>"$file"
printf '%s\\n' "$line" >>"$file"
`;

/** Lets a key log in as whoever is logged in; `publicLine` is its line for `authorized_keys`. */
export function installLoginKey(publicLine: string): Command {
  return withInput(command("sh", "-euc", INSTALL.trim()), `${publicLine}\n`);
}

/** `$1` is a file of the account that runs it. What is left empty was not there before. */
const REMOVE_LINES = `
grep -v " ${APP_KEY_COMMENT}$" "$1" >"$1.new" || true
cat "$1.new" >"$1"
rm -f "$1.new"
[ -s "$1" ] || rm -f "$1"
rmdir --ignore-fail-on-non-empty "\${1%/*}"
`;

/** Who has no other key, and no password that sshd takes, keeps the app's: nobody is locked out. */
const REMOVE = `
takes() { sshd -T 2>/dev/null | grep -qxiE "$1"; }
passwords=no
if takes '(passwordauthentication|kbdinteractiveauthentication) yes'; then passwords=yes; fi
rootPassword=$passwords
if ! takes 'permitrootlogin yes'; then rootPassword=no; fi
getent passwd | while IFS=: read -r name _ id _ _ home _; do
  file=$home/.ssh/authorized_keys
  grep -qs " ${APP_KEY_COMMENT}$" "$file" || continue
  password=$passwords
  [ "$id" != 0 ] || password=$rootPassword
  if [ "$password" = no ] && ! grep -v " ${APP_KEY_COMMENT}$" "$file" | grep -q '^[^#]'; then continue; fi
  runuser -u "$name" -- sh -euc "$1" sh "$file"
done
`;

/** Takes the keys of all apps out of the files of all accounts. */
export function removeLoginKeys(): Command {
  return rootScript(REMOVE, REMOVE_LINES.trim());
}
