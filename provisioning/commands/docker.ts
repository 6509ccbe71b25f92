import { dockerConfig } from "../files/docker.ts";
import { sha256 } from "../files/plan-files.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

/** With its counter reset, systemd does not refuse a restart that comes soon after others: three in a minute. */
const RESTART = `systemctl reset-failed docker 2>/dev/null || true
systemctl restart docker`;

/** A reload first: with live-restore in force, containers that run already go on over the restart. */
const START = `
systemctl enable --quiet docker
! systemctl is-active --quiet docker || systemctl reload docker
${RESTART}
`;

export function startDocker(): Command {
  return rootScript(START);
}

const RESTORE = `
echo "$2  $1" | sha256sum --check --status 2>/dev/null || exit 0
rm -f "$1"
systemctl is-active --quiet docker || exit 0
${RESTART}
`;

export function restoreDocker(): Command {
  return rootScript(RESTORE, dockerConfig.path, sha256(dockerConfig.text));
}
