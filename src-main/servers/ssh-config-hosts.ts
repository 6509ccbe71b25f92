import { readFile } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import path from "node:path";
import { LineType, parse, SSHConfig } from "ssh-config";
import type { SshConfigHost } from "../../contract/servers.ts";
import { SshAddress } from "../../contract/ssh-address.ts";

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

function readHost(config: SSHConfig, alias: string, defaultUser: string): SshConfigHost[] {
  const found = config.compute(alias, { ignoreCase: true }) as Record<string, string | string[] | undefined>;
  const address = SshAddress.safeParse({
    host: (first(found["hostname"]) ?? alias).replaceAll("%h", alias),
    port: Number(first(found["port"]) ?? 22),
    user: first(found["user"]) ?? defaultUser,
  });
  if (!address.success) return [];
  return [{ alias, address: address.data, keyFile: first(found["identityfile"]) ?? null }];
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
