import {
  AGENTS_SLICE,
  AGENTS_UNIT,
  APPLIED_STAMP,
  BUNDLE,
  CONFIG_FILE,
  DAEMON_UNIT,
  MODEL_KEY,
  SEARCH_KEY,
  NODE,
  UNITS_DIR,
  UPGRADE_DIR,
} from "../layout.ts";
import { createHash } from "node:crypto";
import type { OurFile } from "../files/our-files.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

export function reloadUnits(): Command {
  return rootScript("systemctl daemon-reload");
}

/** Waits until the daemon says that all is well; otherwise prints what it says and what it logged, and fails. */
export const UNTIL_HEALTHY = `
deadline=$(($(date +%s) + 60))
until said=$(timeout 20 ${NODE} ${BUNDLE} health --config ${CONFIG_FILE} 2>&1); do
  if [ "$(date +%s)" -gt "$deadline" ]; then
    journalctl -u ${DAEMON_UNIT} -n 15 --no-pager -o cat
    echo "$said"
    exit 1
  fi
  sleep 0.25
done
`;

const START = `
for unit in "$@"; do
  systemctl enable --quiet "$unit"
  systemctl restart "$unit"
done
`;

/** Starts what is named, again when it runs. */
export function startUnits(names: readonly string[]): Command {
  return rootScript(START, ...names);
}

/** Ends when the daemon is healthy; then `lines` say what the services were started with. */
export function confirmHealthy(lines: readonly string[]): Command {
  return rootScript(`${UNTIL_HEALTHY}\nprintf '%s\\n' "$@" >${APPLIED_STAMP}\nrm -rf ${UPGRADE_DIR}`, ...lines);
}

/** The line about the daemon's configuration among them. */
export function configStamp(config: OurFile): string {
  return `config ${createHash("sha256").update(config.text).digest("hex")}`;
}

const RESTART_DAEMON = `
systemctl daemon-reload
systemctl restart ${DAEMON_UNIT}
${UNTIL_HEALTHY}
sed -i "s/^config .*/$1/" ${APPLIED_STAMP}
`;

/** After a change of its configuration alone. */
export function restartDaemon(config: OurFile): Command {
  return rootScript(RESTART_DAEMON, configStamp(config));
}

const REMOVE = `
for unit in ${AGENTS_UNIT} ${DAEMON_UNIT}; do
  [ ! -f ${UNITS_DIR}/$unit ] || systemctl disable --quiet --now "$unit"
  rm -rf ${UNITS_DIR}/$unit ${UNITS_DIR}/$unit.d
done
[ ! -f ${UNITS_DIR}/${AGENTS_SLICE} ] || systemctl stop ${AGENTS_SLICE}
rm -f ${MODEL_KEY.path} ${SEARCH_KEY.path} ${UNITS_DIR}/${AGENTS_SLICE}
systemctl daemon-reload
systemctl reset-failed ${AGENTS_UNIT} ${DAEMON_UNIT} 2>/dev/null || true
`;

export function removeUnits(): Command {
  return rootScript(REMOVE);
}
