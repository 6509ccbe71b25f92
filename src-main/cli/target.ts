import { homedir, userInfo } from "node:os";
import { existsSync } from "node:fs";
import path from "node:path";
import { AppError } from "../../contract/errors.ts";
import type { NewServer, SshAuth, SshConfigHost, SshLogin } from "../../contract/servers.ts";
import { SshAddress } from "../../contract/ssh-address.ts";

/** `[user@]host[:port]`, an address in brackets when it is IPv6 with a port. */
export function parseTarget(target: string): { user: string | undefined; host: string; port: number | undefined } {
  const found = /^(?:(?<user>[^@]+)@)?(?<host>\[[^\]]+\]|[^:]+|[^:]*:[^:]*:.*)(?::(?<port>\d{1,5}))?$/.exec(target);
  const { user, host, port } = found?.groups ?? {};
  if (!host) throw notATarget(target);
  return { user, host, port: port === undefined ? undefined : Number(port) };
}

interface ChangeOptions {
  readonly identity: string | undefined;
  readonly password: boolean;
  readonly sshAgent: boolean;
  readonly known: readonly SshConfigHost[];
}

interface TargetOptions extends ChangeOptions {
  readonly name: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What the words of a person mean, filled up from `~/.ssh/config` as `ssh` would. */
export function readTarget(target: string, options: TargetOptions): NewServer {
  const words = parseTarget(target);
  const entry = options.known.find(({ alias }) => alias === words.host);
  const address = SshAddress.safeParse({
    host: entry?.address.host ?? words.host,
    port: words.port ?? entry?.address.port ?? 22,
    user: words.user ?? entry?.address.user ?? userInfo().username,
  });
  if (!address.success) throw notATarget(target, address.error.issues[0]?.message);
  const auth = chooseAuth({ ...options, identity: options.identity ?? entry?.keyFile ?? undefined });
  const name = options.name ?? entry?.alias;
  return { address: address.data, auth, ...(name === undefined ? {} : { name }) };
}

/** A known login with what a person wants changed; what is not named stays. */
export function changeTarget(before: SshLogin, target: string | undefined, options: ChangeOptions): SshLogin {
  const auth = namedAuth(options) ?? before.auth;
  if (target === undefined) return { address: before.address, auth };
  const words = parseTarget(target);
  const entry = options.known.find(({ alias }) => alias === words.host);
  const address = SshAddress.safeParse({
    host: entry?.address.host ?? words.host,
    port: words.port ?? entry?.address.port ?? before.address.port,
    user: words.user ?? entry?.address.user ?? before.address.user,
  });
  if (!address.success) throw notATarget(target, address.error.issues[0]?.message);
  return { address: address.data, auth };
}

function namedAuth({ identity, password, sshAgent }: Omit<ChangeOptions, "known">): SshAuth | null {
  if (password) return { kind: "password" };
  if (sshAgent) return { kind: "agent" };
  if (identity) return { kind: "key_file", path: identity.startsWith("~") ? identity : path.resolve(identity) };
  return null;
}

function chooseAuth({ env, ...options }: TargetOptions): SshAuth {
  const named = namedAuth(options);
  if (named) return named;
  if (env["SSH_AUTH_SOCK"]) return { kind: "agent" };
  const usual = ["id_ed25519", "id_ecdsa", "id_rsa"].map((name) => path.join(homedir(), ".ssh", name));
  const found = usual.find((file) => existsSync(file));
  if (found) return { kind: "key_file", path: found };
  throw new AppError("app.bad_input", "No key to log in with was named or found", {
    hint: "Name one with --identity KEY, or use --password.",
  });
}

function notATarget(target: string, why = "expected [user@]host[:port]"): AppError {
  return new AppError("app.bad_input", `${target} is not a server: ${why}`);
}
