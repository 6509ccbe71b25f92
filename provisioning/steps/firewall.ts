import { FIREWALL_TRIAL, loadFirewallAtBoot, REMOVE_FIREWALL_UNIT } from "../commands/firewall.ts";
import { removeTrial } from "../commands/trial.ts";
import { writeFile } from "../commands/write-file.ts";
import { refreshFacts, type Facts } from "../facts.ts";
import { firewallRules, type FirewallSettings, firewallUnit } from "../files/firewall.ts";
import { networkOf, ownAddresses, sshPorts } from "../files/ways-in.ts";
import { planFiles } from "../files/plan-files.ts";
import { FIREWALL } from "../layout.ts";
import { proveByLogin } from "../prove-by-login.ts";
import type { Step } from "../step.ts";

const WEB_PORTS = [80, 443];
/** Answers to a lease of an address; the rules let them in. */
const DHCP_PORTS = ["68/udp", "546/udp"];

export const firewall: Step = {
  id: "firewall",
  title: "Firewall",
  area: "security",
  reason: "Only SSH and the web answer from outside, whatever else listens here, published containers too.",
  needs: ["fail2ban"],
  probes: ["firewall", "ssh", "paths"],
  plan(facts) {
    if (isLeftAlone(facts)) return [];
    const { isArmed, inForce } = facts.firewall;
    const lines = [
      ...planFiles(facts, [rulesFile(facts), firewallUnit]),
      ...(inForce ? planPorts(facts) : planRules(facts)),
      ...(facts.firewall.enabled ? [] : ["Load the rules at boot"]),
    ];
    if (lines.length === 0) return isArmed ? ["Confirm the firewall rules with a second login"] : [];
    const exceptions = inForce ? planExceptions(facts) : [];
    return ["Load the rules, and put back what was unless a second login succeeds", ...lines, ...exceptions];
  },
  note(facts) {
    if (!isLeftAlone(facts)) return null;
    const ports = [...sshPorts(facts), ...WEB_PORTS].join(", ");
    return `Left as it is, without rules of ours beside it: ${facts.firewall.others.join(", ")}. Ports ${ports} must be open there, and no others.`;
  },
  isLeftOut: isLeftAlone,
  async apply(context) {
    const { shell, signal, log } = context;
    const facts = { ...context.facts, ...(await refreshFacts(shell, context.facts, { probes: ["firewall"], signal })) };
    // Tables of others are seen only when nftables has come with the packages.
    if (isLeftAlone(facts)) return log(`Left as it is: ${facts.firewall.others.join(", ")}`);
    await shell.run(writeFile(firewallUnit), { signal });
    const hint = "Log in to the server's console and see `nft list ruleset`, then provision again.";
    await proveByLogin(context, { trial: FIREWALL_TRIAL, text: firewallRules(wantedSettings(facts)), hint });
    await shell.run(loadFirewallAtBoot(), { signal });
  },
  undo: {
    changes: ["Remove our firewall rules; those of others stay"],
    command: removeTrial(FIREWALL_TRIAL, REMOVE_FIREWALL_UNIT),
  },
};

/** Beside rules that keep others out already, ours would close what those let in. */
function isLeftAlone({ firewall: { others, enabled } }: Facts): boolean {
  return others.length > 0 && !enabled;
}

function wantedSettings(facts: Facts): FirewallSettings {
  return { sshPorts: sshPorts(facts), own: ownAddresses(facts.firewall.own, facts.connection.client) };
}

/** Rules that hold stay as they are: being slowed down is no reason to load others, wherever this login comes from. */
function rulesFile(facts: Facts) {
  const { inForce, own } = facts.firewall;
  const wanted = wantedSettings(facts);
  const text = firewallRules(inForce ? { ...wanted, own: ownAddresses(own, "") } : wanted);
  return { path: FIREWALL.file, mode: "644", text };
}

function planRules(facts: Facts): string[] {
  const { own } = wantedSettings(facts);
  const open = [...sshPorts(facts), ...WEB_PORTS];
  const limit = own.length > 0 ? `, ${own.join(" and ")} excepted` : "";
  const closed = Object.entries(facts.firewall.answering).filter(([name]) => {
    const [port, kind] = name.split("/");
    return !DHCP_PORTS.includes(name) && !(kind === "tcp" && open.includes(Number(port)));
  });
  return [
    `Let in ports ${open.join(", ")} and nothing else, in IPv4 and IPv6`,
    `Let in at most 30 new SSH connections a minute from an address${limit}`,
    "Keep published ports of containers closed to others",
    ...closed.map(([name, program]) => `Close ${name} (${program}), which answers others now`),
  ];
}

function planPorts(facts: Facts): string[] {
  const ports = sshPorts(facts).join();
  return ports === facts.firewall.sshPorts.join() ? [] : [`Let in SSH on ${ports.replaceAll(",", ", ")}`];
}

function planExceptions(facts: Facts): string[] {
  const found = facts.firewall.own.map(networkOf);
  const strangers = wantedSettings(facts).own.filter((address) => !found.includes(address));
  return strangers.map((address) => `Except ${address} from the limit of new SSH connections`);
}
