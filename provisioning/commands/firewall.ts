import { firewallUnit } from "../files/firewall.ts";
import { FIREWALL } from "../layout.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";
import type { Trial } from "./trial.ts";

export const FIREWALL_TRIAL: Trial = {
  name: "firewall",
  title: "firewall rules",
  path: FIREWALL.file,
  test: `nft -c -f ${FIREWALL.file}`,
  load: `if [ -e ${FIREWALL.file} ]; then
  nft -f ${FIREWALL.file}
elif nft list table ${FIREWALL.table} >/dev/null 2>&1; then
  nft delete table ${FIREWALL.table}
fi`,
  readers: FIREWALL.unit,
};

export function loadFirewallAtBoot(): Command {
  return rootScript(`systemctl daemon-reload; systemctl enable --quiet --now ${FIREWALL.unit}`);
}

/** Script; the rules themselves go by `removeTrial`. */
export const REMOVE_FIREWALL_UNIT = `
if [ -e ${firewallUnit.path} ]; then
  systemctl disable --quiet --now ${FIREWALL.unit}
  rm -f ${firewallUnit.path}
  systemctl daemon-reload
fi`;
