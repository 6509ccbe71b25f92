import { readFile } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import path from "node:path";
import { LineType, parse, SSHConfig } from "ssh-config";
import type { SshConfigHost } from "../../contract/servers.ts";
import { parseTarget, SshAddress, type Target } from "../../contract/ssh-address.ts";

/** The hosts of `~/.ssh/config` that name one machine each. */
export async function readSshConfigHosts(): Promise<SshConfigHost[]> {
  const file = path.join(homedir(), ".ssh", "config");
  const text = await readFile(file, "utf8").catch(() => "");
  return sshConfigHosts(text, userInfo().username);
}

export function sshConfigHosts(text: string, defaultUser: string): SshConfigHost[] {
  const config = parse(text);
  const hosts = config.filter((line) => line.type === LineType.DIRECTIVE && line.param.toLowerCase() === "host");
  const aliases = hosts.flatMap((line) => ("value" in line ? names(line.value) : []));
  // Without `Match`: evaluating one may run a program.
  const plain = new SSHConfig(
    ...config.filter((line) => line.type !== LineType.DIRECTIVE || line.param.toLowerCase() !== "match"),
  );
  return [...new Set(aliases.filter(isConcrete))].flatMap((alias) => readHost(plain, alias, defaultUser));
}

/** Nothing for what the app does not do as `ssh` would: a way over several jump hosts. */
function readHost(config: SSHConfig, alias: string, defaultUser: string): SshConfigHost[] {
  const found = readLogin(config, { host: alias }, defaultUser);
  if (!found) return [];
  const { proxyJump, login } = found;
  if (proxyJump === null) return [{ alias, ...login }];
  const target = parseTarget(proxyJump.replace(/^ssh:\/\//, ""));
  const jump = target && readLogin(config, target, defaultUser);
  return jump?.proxyJump === null ? [{ alias, ...login, jump: jump.login }] : [];
}

/** What the file says of a host, with what a person has said about it before. Null when it names no machine. */
function readLogin(config: SSHConfig, said: Target, defaultUser: string) {
  const found = config.compute(said.host, { ignoreCase: true }) as Record<string, string | string[] | undefined>;
  const address = SshAddress.safeParse({
    host: (first(found["hostname"]) ?? said.host).replaceAll("%h", said.host),
    port: said.port ?? Number(first(found["port"]) ?? 22),
    user: said.user ?? first(found["user"]) ?? defaultUser,
  });
  if (!address.success) return null;
  const proxyJump = first(found["proxyjump"]) ?? "none";
  const login = { address: address.data, keyFile: first(found["identityfile"]) ?? null };
  return { login, proxyJump: proxyJump.toLowerCase() === "none" ? null : proxyJump };
}

function names(value: string | { val: string }[]): string[] {
  return typeof value === "string" ? value.split(/\s+/) : value.map(({ val }) => val);
}

function isConcrete(alias: string): boolean {
  return alias !== "" && !/[*?!]/.test(alias);
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
