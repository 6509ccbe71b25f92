import { loginText, parseTarget } from "../../contract/ssh-address.ts";
import type { SshAuth, SshConfigHost, SshLogin } from "../../contract/servers.ts";

type AuthKind = SshAuth["kind"];

/** What stands in the form. */
export interface LoginDraft {
  readonly name: string;
  readonly host: string;
  readonly port: string;
  readonly user: string;
  readonly auth: AuthKind;
  readonly keyPath: string;
  /** `[user@]host[:port]`; empty for a direct way. */
  readonly jump: string;
  readonly jumpAuth: "same" | AuthKind;
  readonly jumpKeyPath: string;
}

const USUAL_KEY = "~/.ssh/id_ed25519";

export const EMPTY_DRAFT: LoginDraft = {
  name: "",
  host: "",
  port: "22",
  user: "root",
  auth: "key_file",
  keyPath: USUAL_KEY,
  jump: "",
  jumpAuth: "same",
  jumpKeyPath: USUAL_KEY,
};

/** With a key that this computer has in place of the usual one, where it has others only. */
export function withKeyThatIs(draft: LoginDraft, files: readonly string[]): LoginDraft {
  const [first = USUAL_KEY] = files;
  const keyOf = (path: string) => (path === USUAL_KEY && !files.includes(path) ? first : path);
  return { ...draft, keyPath: keyOf(draft.keyPath), jumpKeyPath: keyOf(draft.jumpKeyPath) };
}

export function draftOf({ address, auth, jump }: SshLogin): LoginDraft {
  return {
    name: "",
    host: address.host,
    port: String(address.port),
    user: address.user,
    auth: auth.kind,
    keyPath: keyPathOf(auth),
    ...(jump
      ? { jump: loginText(jump.address), jumpAuth: jump.auth.kind, jumpKeyPath: keyPathOf(jump.auth) }
      : { jump: "", jumpAuth: "same", jumpKeyPath: USUAL_KEY }),
  };
}

/** What the SSH configuration says of a host; where it names no key, the agent has it. */
export function draftFromConfig({ alias, address, keyFile, jump }: SshConfigHost): Partial<LoginDraft> {
  const authOf = (file: string | null): SshAuth => (file ? { kind: "key_file", path: file } : { kind: "agent" });
  const login = {
    address,
    auth: authOf(keyFile),
    ...(jump && { jump: { address: jump.address, auth: authOf(jump.keyFile) } }),
  };
  return { ...draftOf(login), name: alias };
}

/** To be checked against the contract. */
export function requestOf(draft: LoginDraft): unknown {
  const auth = authOf(draft.auth, draft.keyPath);
  return {
    ...(draft.name.trim() && { name: draft.name }),
    address: { host: draft.host, port: Number(draft.port), user: draft.user },
    auth,
    ...(draft.jump.trim() && {
      jump: {
        address: jumpAddressOf(draft),
        auth: draft.jumpAuth === "same" ? auth : authOf(draft.jumpAuth, draft.jumpKeyPath),
      },
    }),
  };
}

function jumpAddressOf({ jump, user }: LoginDraft): unknown {
  const target = parseTarget(jump);
  return target ? { host: target.host, port: target.port ?? 22, user: target.user ?? user } : { host: jump, user };
}

function authOf(kind: AuthKind, path: string): unknown {
  return kind === "key_file" ? { kind, path } : { kind };
}

function keyPathOf(auth: SshAuth): string {
  return auth.kind === "key_file" ? auth.path : USUAL_KEY;
}

/** Messages by field: `host`, `port`, `user`, `name`, `path`; those of the jump host as `jump` and `jump.path`. */
export function problemsByField(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): Record<string, string | undefined> {
  return Object.fromEntries(
    issues.toReversed().map(({ path, message }) => {
      const field = fieldOf(path.map(String));
      return [field, field === "host" && /small/i.test(message) ? "Name the server" : message];
    }),
  );
}

function fieldOf(path: readonly string[]): string {
  const last = path.at(-1) ?? "";
  if (path[0] !== "jump") return last;
  return last === "path" ? "jump.path" : "jump";
}
