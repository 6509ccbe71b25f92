import { SANDBOX_PROFILE } from "../layout.ts";
import { SANDBOX_USER, SANDBOXED_COMMAND } from "../sandbox-facts.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

export function loadSandboxProfile(): Command {
  return rootScript(`apparmor_parser --replace ${SANDBOX_PROFILE}`);
}

/** Ends with what bubblewrap says when it does not work here. */
export function trySandbox(): Command {
  return rootScript(`cd /; timeout 10 runuser -u ${SANDBOX_USER} -- ${SANDBOXED_COMMAND}`);
}

const REMOVE = `
[ -e ${SANDBOX_PROFILE} ] || exit 0
apparmor_parser --remove ${SANDBOX_PROFILE} || true
rm -f ${SANDBOX_PROFILE}
`;

export function removeSandboxProfile(): Command {
  return rootScript(REMOVE);
}
