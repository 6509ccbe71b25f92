import {
  DAEMON_CREDENTIALS,
  DAEMON_UNIT,
  QDRANT_CONFIG,
  QDRANT_DIR,
  QDRANT_KEY,
  QDRANT_KEY_DROP_IN,
  QDRANT_PROGRAM,
  QDRANT_STAMP,
  QDRANT_UNIT,
  QDRANT_USER,
  UNITS_DIR,
} from "../layout.ts";
import { QDRANT_URL } from "../qdrant.ts";
import type { Command } from "../shell.ts";
import { SEALING } from "./credentials.ts";
import { rootScript } from "./script.ts";
import { UNTIL_HEALTHY } from "./services.ts";

/** Where the archive lies until it is unpacked. */
export const QDRANT_ARCHIVE = `${QDRANT_PROGRAM}.tar.gz`;

const MAKE_PLACE = `mkdir -p "$(dirname ${QDRANT_PROGRAM})"`;

export function makeQdrantPlace(): Command {
  return rootScript(MAKE_PLACE);
}

/** Joins a download that was begun before. */
export function fetchQdrant(url: string): Command {
  const curl = "curl -fsSL --proto '=https' --connect-timeout 10 --speed-time 30 --speed-limit 1000 --retry 2";
  return rootScript(`${MAKE_PLACE}\n${curl} -o "$2" "$1"`, url, QDRANT_ARCHIVE);
}

/** What is not the pinned release goes at once, unopened. The stamp says of which archive the program is. */
const UNPACK = `
folder=$(mktemp -d ${QDRANT_PROGRAM}.XXXXXX)
trap 'rm -rf "$folder" ${QDRANT_ARCHIVE}' EXIT
echo "$1  ${QDRANT_ARCHIVE}" | sha256sum --check --quiet -
tar -xzf ${QDRANT_ARCHIVE} --no-same-owner -C "$folder"
program=$(find "$folder" -type f -name qdrant)
rm -f ${QDRANT_STAMP}
install -o root -g root -m 755 "$program" ${QDRANT_PROGRAM}.new
mv -T ${QDRANT_PROGRAM}.new ${QDRANT_PROGRAM}
printf '%s' "$1" >${QDRANT_STAMP}.new
mv -T ${QDRANT_STAMP}.new ${QDRANT_STAMP}
`;

export function unpackQdrant(sha256: string): Command {
  return rootScript(UNPACK, sha256);
}

/** The key is made on the server and leaves it never; a present one is kept. */
const PREPARE = `${SEALING}
id -u ${QDRANT_USER} >/dev/null 2>&1 ||
  useradd --system --user-group --home-dir ${QDRANT_DIR} --no-create-home --shell /usr/sbin/nologin --comment "AI Infrastructure" ${QDRANT_USER}
umask 077
if ! unseal ${QDRANT_KEY.name} ${QDRANT_KEY.path} >/dev/null; then
  head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \\n' | seal ${QDRANT_KEY.name} ${QDRANT_KEY.path}
fi
`;

export function prepareQdrant(): Command {
  return rootScript(PREPARE);
}

const START = `
systemctl daemon-reload
systemctl enable --quiet ${QDRANT_UNIT}
systemctl restart ${QDRANT_UNIT}
deadline=$(($(date +%s) + 60))
until curl -sf -m 3 --noproxy '*' -o /dev/null ${QDRANT_URL}/readyz; do
  if [ "$(date +%s)" -gt "$deadline" ]; then
    journalctl -u ${QDRANT_UNIT} -n 15 --no-pager -o cat
    exit 1
  fi
  sleep 0.25
done
`;

export function startQdrant(): Command {
  return rootScript(START);
}

/** One that is about to run may have been started before the drop-in was there. */
const HAND_OVER = `${SEALING}
has_key() {
  [ "$(cat ${DAEMON_CREDENTIALS}/${QDRANT_KEY.name} 2>/dev/null)" = "$(unseal ${QDRANT_KEY.name} ${QDRANT_KEY.path})" ]
}
systemctl daemon-reload
case $(systemctl is-active ${DAEMON_UNIT}) in
  active | activating | reloading) ! has_key || exit 0 ;;
  *) exit 0 ;;
esac
systemctl restart ${DAEMON_UNIT}
${UNTIL_HEALTHY}`;

/** Starts a daemon again that runs without the key; its work is durable. The drop-in is there. */
export function handOverQdrantKey(): Command {
  return rootScript(HAND_OVER);
}

const REMOVE = `
[ ! -f ${UNITS_DIR}/${QDRANT_UNIT} ] || systemctl disable --quiet --now ${QDRANT_UNIT}
rm -rf ${QDRANT_KEY_DROP_IN} ${UNITS_DIR}/${QDRANT_UNIT} ${QDRANT_CONFIG} ${QDRANT_KEY.path} ${QDRANT_DIR} "$(dirname ${QDRANT_PROGRAM})"
systemctl daemon-reload
! id -u ${QDRANT_USER} >/dev/null 2>&1 || userdel ${QDRANT_USER}
`;

export function removeQdrant(): Command {
  return rootScript(REMOVE);
}
