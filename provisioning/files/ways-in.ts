/** How people and the app reach a server, as it sees them. */
export interface WaysIn {
  readonly ssh: { readonly ports: readonly number[] };
  readonly connection: { readonly client: string; readonly port: number };
}

/** Where `sshd` listens; the port that this login came through is one, whatever `sshd` says of itself. */
export function sshPorts({ ssh, connection }: WaysIn): readonly number[] {
  const ports = connection.port > 0 ? [...ssh.ports, connection.port] : ssh.ports;
  const found = [...new Set(ports)].toSorted((one, other) => one - other);
  return found.length > 0 ? found : [22];
}

/** More than a person comes from; beyond, the old ones are let go. */
const MOST = 8;

/** The addresses that are known to be ours already and the one of this login, if it came from one. */
export function ownAddresses(known: readonly string[], client: string): readonly string[] {
  const found = [...new Set(known.map(networkOf))];
  if (client === "") return found.toSorted();
  const own = networkOf(client);
  if (found.includes(own)) return found.toSorted();
  return found.length < MOST ? [...found, own].toSorted() : [own];
}

/** In IPv6 a computer changes its address within the network of its line every day: that network, as `a:b:c:d::/64`. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [plain = ""] = address.split(/[%/]/);
  // Of this kind every neighbour has one.
  if (plain.startsWith("fe80:")) return plain;
  const [start = "", end] = plain.split("::");
  const groups = start === "" ? [] : start.split(":");
  const behind = end === undefined || end === "" ? [] : end.split(":");
  const zeros = Array.from({ length: 8 - groups.length - behind.length }, () => "0");
  const network = [...groups, ...zeros, ...behind].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(":")}::/64`;
}
