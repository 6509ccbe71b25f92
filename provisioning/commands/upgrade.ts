import {
  AGENT_CONSOLE,
  AGENTS_SLICE,
  AGENTS_UNIT,
  APPLIED_STAMP,
  ATTACH_WINDOW,
  BROKER_SERVICE_UNIT,
  BROKER_SOCKET_UNIT,
  BUNDLE,
  CONFIG_FILE,
  DAEMON_UNIT,
  END_CONSOLE,
  NODE,
  POSTGRES,
  RELEASES_DIR,
  START_CONSOLE,
  SUDOERS,
  UNITS_DIR,
  UPGRADE_DIR,
} from "../layout.ts";
import { accepting, type Command } from "../shell.ts";
import { POINT } from "./runtime.ts";
import { rootScript } from "./script.ts";

/** What a release is started with, besides itself. */
const STARTED_WITH = [
  CONFIG_FILE,
  START_CONSOLE,
  AGENT_CONSOLE,
  ATTACH_WINDOW,
  END_CONSOLE,
  SUDOERS,
  ...[DAEMON_UNIT, AGENTS_SLICE, AGENTS_UNIT, BROKER_SERVICE_UNIT, BROKER_SOCKET_UNIT].map(
    (unit) => `${UNITS_DIR}/${unit}`,
  ),
];

/** One made by an attempt that was cut is the right one: what is there by then may be changed already. */
const KEEP_FORMER = `
[ ! -d ${UPGRADE_DIR} ] || exit 0
rm -rf ${UPGRADE_DIR}.new
mkdir -m 700 ${UPGRADE_DIR}.new
ln -s "$1" ${UPGRADE_DIR}.new/former
cd /
ls -d ${STARTED_WITH.map((file) => file.slice(1)).join(" ")} 2>/dev/null >${UPGRADE_DIR}.new/list || true
tar -cpf ${UPGRADE_DIR}.new/files.tar -T ${UPGRADE_DIR}.new/list
mv -T ${UPGRADE_DIR}.new ${UPGRADE_DIR}
`;

/** Remembers which release runs, in `folder`, with what it was started with. To be done before anything of that changes. */
export function keepFormer(folder: string): Command {
  return rootScript(KEEP_FORMER, folder);
}

/** How an upgrade ends, by the exit code of its command. */
export const UPGRADE_ENDS = {
  upgraded: 0,
  /** The former release runs again and is healthy. */
  returned: 3,
  /** The database was changed in a way that the former release cannot work with, so it was not put back. */
  kept: 4,
  /** The former release was put back and is not healthy either. */
  unhealthy: 5,
} as const;

/** So often may a daemon end by itself before it is given up: a database that just starts is one reason. */
const MOST_ENDS = 5;
const HEALTHY_WITHIN_S = 60;

/** The agents' windows are opened anew only when the daemon answers: one that never starts costs no agent its window. */
const FUNCTIONS = `
stopped=
trap 'stopped=yes' TERM
said=
until_it() {
  deadline=$(($(date +%s) + ${HEALTHY_WITHIN_S}))
  before=$(systemctl show -P NRestarts ${DAEMON_UNIT})
  while [ -z "$stopped" ]; do
    said=$(timeout 20 ${NODE} ${BUNDLE} health --config ${CONFIG_FILE} 2>&1) && return 0
    case $1$said in answers'{'*) return 0 ;; esac
    [ $(($(systemctl show -P NRestarts ${DAEMON_UNIT}) - before)) -lt ${MOST_ENDS} ] || return 1
    [ "$(date +%s)" -lt "$deadline" ] || return 1
    sleep 0.25
  done
  return 1
}
${POINT.trim()}
breaking() {
  runuser -u postgres -- psql -XAtqd ${POSTGRES.database} -c "select name from migrations where name like '%-breaking'" 2>/dev/null
}
restart_daemon() {
  systemctl restart ${DAEMON_UNIT}
  until_it answers
}
restart_agents() {
  restarted=yes
  timeout 30 ${NODE} ${BUNDLE} start-held --config ${CONFIG_FILE} || true
  systemctl restart ${AGENTS_UNIT}
  until_it "is healthy"
}
journal() {
  journalctl _SYSTEMD_UNIT=${DAEMON_UNIT} --since "@$1" -n 15 --no-pager -o cat
  echo "It ended by itself $(systemctl show -P NRestarts ${DAEMON_UNIT}) times."
  echo "$said"
}
`;

const UPGRADE = `
${FUNCTIONS}
wanted=$1
shift
former=$(readlink ${UPGRADE_DIR}/former)
restarted=
begun=$(date +%s)
broke=$(breaking) || broke=
point "$wanted"
systemctl daemon-reload
systemctl enable --quiet ${DAEMON_UNIT} ${AGENTS_UNIT}
if restart_daemon && restart_agents; then
  printf '%s\\n' "$@" >${APPLIED_STAMP}
  for folder in ${RELEASES_DIR}/*; do
    [ "$folder" = "$wanted" ] || [ "$folder" = "$former" ] || rm -rf "$folder"
  done
  rm -rf ${UPGRADE_DIR}
  exit ${UPGRADE_ENDS.upgraded}
fi
journal "$begun"
stopped=
broken=$(breaking) || broken=$broke
[ "$broken" = "$broke" ] || exit ${UPGRADE_ENDS.kept}
echo "Going back to \${former##*/}"
tar -C / -xpf ${UPGRADE_DIR}/files.tar
point "$former"
systemctl daemon-reload
systemctl try-restart ${BROKER_SOCKET_UNIT} || true
begun=$(date +%s)
if restart_daemon && { [ -z "$restarted" ] || restart_agents; } && until_it "is healthy"; then
  rm -rf ${UPGRADE_DIR}
  exit ${UPGRADE_ENDS.returned}
fi
journal "$begun"
exit ${UPGRADE_ENDS.unhealthy}
`;

/**
 * Lets the release in `folder` run in the place of the one that was kept, or puts that one back; `stamp` says what the
 * services were started with. Needs `keepFormer` before. Told to stop, it goes back too.
 */
export function upgrade(folder: string, stamp: readonly string[]): Command {
  const { returned, kept, unhealthy } = UPGRADE_ENDS;
  return accepting(rootScript(UPGRADE, folder, ...stamp), returned, kept, unhealthy);
}
