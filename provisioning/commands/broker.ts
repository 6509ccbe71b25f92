import { BROKER_NAME, BROKER_SERVICE_UNIT, BROKER_SOCKET_UNIT, BROKER_STATE_DIR, UNITS_DIR } from "../layout.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

const OPEN = `
systemctl daemon-reload
systemctl enable --quiet ${BROKER_SOCKET_UNIT}
systemctl restart ${BROKER_SOCKET_UNIT}
`;

/** Listens anew; requests that are being answered go on. */
export function openBroker(): Command {
  return rootScript(OPEN);
}

const REMOVE = `
[ ! -f ${UNITS_DIR}/${BROKER_SOCKET_UNIT} ] || systemctl disable --quiet --now ${BROKER_SOCKET_UNIT}
systemctl stop '${BROKER_NAME}@*.service'
rm -f ${UNITS_DIR}/${BROKER_SOCKET_UNIT} ${UNITS_DIR}/${BROKER_SERVICE_UNIT}
rm -rf ${BROKER_STATE_DIR} /var/cache/${BROKER_NAME}
systemctl daemon-reload
`;

export function removeBroker(): Command {
  return rootScript(REMOVE);
}
