import { writeFile } from "node:fs/promises";
import { mustRun, run } from "./lab-server-run.ts";

export const BRIDGE = "ailab0";
const NETWORK = "10.99.0";

export function addressOf(n: number): string {
  return `${NETWORK}.${n}`;
}

/** The bridge between lab servers and this machine, and their way out. Making it again changes nothing. */
export async function makeNetwork(): Promise<void> {
  if ((await run(["ip", "link", "show", BRIDGE])).exitCode !== 0) {
    await run(["ip", "link", "add", BRIDGE, "type", "bridge"]);
  }
  await mustRun(["ip", "address", "replace", `${NETWORK}.1/24`, "dev", BRIDGE]);
  await mustRun(["ip", "link", "set", BRIDGE, "up"]);
  await writeFile("/proc/sys/net/ipv4/ip_forward", "1");
  await nft(`
    add table ip ailab
    flush table ip ailab
    add chain ip ailab post { type nat hook postrouting priority 100 ; }
    add rule ip ailab post ip saddr ${NETWORK}.0/24 ip daddr != ${NETWORK}.0/24 masquerade
  `);
}

/** Gives a booted server its address; `leader` is its first process. */
export async function joinNetwork(leader: number, address: string): Promise<void> {
  const script = `ip link set lo up; ip addr replace "$1/24" dev host0; ip link set host0 up; ip route replace default via "$2"`;
  await mustRun(["nsenter", "-t", String(leader), "-n", "sh", "-ec", script, "sh", address, `${NETWORK}.1`]);
}

const NETWORK_6 = "fd00:a1:ab";

/** Takes a booted server out of IPv4, and gives it and this machine addresses of their own in IPv6. */
export async function moveToIpv6(
  leader: number,
  n: number,
): Promise<{ readonly server: string; readonly here: string }> {
  const [server, here] = [`${NETWORK_6}::${n}`, `${NETWORK_6}::1`];
  await mustRun(["ip", "address", "replace", `${here}/64`, "dev", BRIDGE, "nodad"]);
  const script = `ip address replace "$1/64" dev host0 nodad; ip -4 address flush dev host0`;
  await mustRun(["nsenter", "-t", String(leader), "-n", "sh", "-ec", script, "sh", server]);
  return { server, here };
}

/** This machine under another address of the lab's network. */
export interface Stranger {
  readonly address: string;
  /** Takes the address away. */
  leave(): Promise<unknown>;
}

/** Somebody at the address `n` of the lab's network, whom no server knows. */
export async function becomeStranger(n: number): Promise<Stranger> {
  const address = addressOf(n);
  await mustRun(["ip", "address", "replace", `${address}/24`, "dev", BRIDGE]);
  return { address, leave: () => run(["ip", "address", "delete", `${address}/24`, "dev", BRIDGE]) };
}

/** From then on this machine goes to `server` under the other address; gives the way back. */
export async function goAs({ address }: Stranger, server: string): Promise<() => Promise<unknown>> {
  await mustRun(["ip", "route", "replace", `${server}/32`, "dev", BRIDGE, "src", address]);
  return () => run(["ip", "route", "delete", `${server}/32`, "dev", BRIDGE]);
}

/** Drops every packet to and from the server without telling either side, as a pulled cable does. */
export async function cut(name: string, address: string): Promise<void> {
  const table = cutTable(name);
  await nft(`
    add table ip ${table}
    flush table ip ${table}
    add chain ip ${table} in { type filter hook input priority -300 ; }
    add chain ip ${table} out { type filter hook output priority -300 ; }
    add chain ip ${table} through { type filter hook forward priority -300 ; }
    add rule ip ${table} in ip saddr ${address} drop
    add rule ip ${table} out ip daddr ${address} drop
    add rule ip ${table} through ip saddr ${address} drop
    add rule ip ${table} through ip daddr ${address} drop
  `);
}

export async function restore(name: string): Promise<void> {
  await run(["nft", "delete", "table", "ip", cutTable(name)]);
}

function cutTable(name: string): string {
  return `ailab_cut_${name.replaceAll("-", "_")}`;
}

async function nft(rules: string): Promise<void> {
  await mustRun(["nft", "-f", "-"], { input: rules });
}
