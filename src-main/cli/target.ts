import { homedir, userInfo } from "node:os";
import { existsSync } from "node:fs";
import path from "node:path";
import { AppError } from "../../contract/errors.ts";
import type { NewServer, SshAuth, SshConfigHost, SshJump, SshLogin } from "../../contract/servers.ts";
import { parseTarget, SshAddress } from "../../contract/ssh-address.ts";
import { USUAL_KEYS } from "../servers/key-files.ts";
import type { Options } from "./context.ts";

interface ChangeOptions {
  readonly identity: string | undefined;
  readonly password: boolean;
  readonly sshAgent: boolean;
  /** The fingerprint of the key in the agent. */
  readonly agentKey: string | undefined;
  /** `[user@]host[:port]` or a name of `~/.ssh/config`; `none` for no jump host. */
  readonly jump: string | undefined;
  readonly jumpIdentity: string | undefined;
  readonly jumpPassword: boolean;
  readonly known: readonly SshConfigHost[];
}

interface TargetOptions extends ChangeOptions {
  readonly name: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What the words of a person mean, filled up from `~/.ssh/config` as `ssh` would. */
export function readTarget(target: string, options: TargetOptions): NewServer {
  const { entry, address } = readAddress(target, options.known, { port: 22, user: userInfo().username });
  const auth = chooseAuth({ ...options, identity: options.identity ?? entry?.keyFile ?? undefined });
  const jump = chooseJump(options, auth, entry?.jump && { address: entry.jump.address, auth: keyOr(auth, entry.jump) });
  const name = options.name ?? entry?.alias;
  return { address, auth, ...(jump && { jump }), ...(name === undefined ? {} : { name }) };
}

/** A known login with what a person wants changed; what is not named stays. */
export function changeTarget(before: SshLogin, target: string | undefined, options: ChangeOptions): SshLogin {
  const auth = namedAuth(options) ?? before.auth;
  const address = target === undefined ? before.address : readAddress(target, options.known, before.address).address;
  const jump = chooseJump(options, auth, before.jump && { address: before.jump.address, auth: before.jump.auth });
  return { address, auth, ...(jump && { jump }) };
}

/** The options that say how to log in, as the command line names them. */
export function loginOptions(options: Options): Omit<ChangeOptions, "known"> {
  const { identity, password, "ssh-agent": sshAgent, "agent-key": agentKey, jump } = options;
  const { "jump-identity": jumpIdentity, "jump-password": jumpPassword } = options;
  return { identity, password, sshAgent, agentKey, jump, jumpIdentity, jumpPassword };
}

/** Whether a person says how to log in to the server. */
export function namesLogin(options: Options): boolean {
  return namedAuth(loginOptions(options)) !== null;
}

type Otherwise = Pick<SshAddress, "port" | "user">;

function readAddress(target: string, known: readonly SshConfigHost[], otherwise: Otherwise) {
  const words = parseTarget(target);
  if (!words) throw notATarget(target);
  const entry = known.find(({ alias }) => alias === words.host);
  const address = SshAddress.safeParse({
    host: entry?.address.host ?? words.host,
    port: words.port ?? entry?.address.port ?? otherwise.port,
    user: words.user ?? entry?.address.user ?? otherwise.user,
  });
  if (!address.success) throw notATarget(target, address.error.issues[0]?.message);
  return { entry, address: address.data };
}

/** The jump host that is named, or else `otherwise`. Without a login of its own, it is signed in to as the server is. */
function chooseJump(options: ChangeOptions, auth: SshAuth, otherwise: SshJump | undefined): SshJump | undefined {
  const { jump: named, jumpIdentity: identity, jumpPassword: password, known } = options;
  if (named === "none") return undefined;
  const own = namedAuth({ identity, password, sshAgent: false, agentKey: undefined });
  if (named === undefined) return otherwise && { ...otherwise, auth: own ?? otherwise.auth };
  const { entry, address } = readAddress(named, known, { port: 22, user: userInfo().username });
  if (entry?.jump) throw new AppError("app.bad_input", `${named} is behind a jump host itself; one can be passed`);
  return { address, auth: own ?? keyOr(auth, entry) };
}

function keyOr(auth: SshAuth, found: { readonly keyFile: string | null } | undefined): SshAuth {
  return found?.keyFile ? { kind: "key_file", path: found.keyFile } : auth;
}

function namedAuth({
  identity,
  password,
  sshAgent,
  agentKey: key,
}: Pick<ChangeOptions, "identity" | "password" | "sshAgent" | "agentKey">): SshAuth | null {
  if (password) return { kind: "password" };
  if (key !== undefined) return { kind: "agent", key };
  if (sshAgent) return { kind: "agent" };
  if (identity) return { kind: "key_file", path: identity.startsWith("~") ? identity : path.resolve(identity) };
  return null;
}

function chooseAuth({ env, ...options }: TargetOptions): SshAuth {
  const named = namedAuth(options);
  if (named) return named;
  if (env["SSH_AUTH_SOCK"]) return { kind: "agent" };
  const usual = USUAL_KEYS.map((name) => path.join(homedir(), ".ssh", name));
  const found = usual.find((file) => existsSync(file));
  if (found) return { kind: "key_file", path: found };
  throw new AppError("app.bad_input", "No key to log in with was named or found", {
    hint: "Name one with --identity KEY, or use --password.",
  });
}

function notATarget(target: string, why = "expected [user@]host[:port]"): AppError {
  return new AppError("app.bad_input", `${target} is not a server: ${why}`);
}
