import { AppError } from "../../contract/errors.ts";
import type { AgentKey, SshAuth } from "../../contract/servers.ts";
import type { ConnectRequest, LoginMemory } from "../servers/link.ts";
import { openAgent } from "./agent.ts";
import { appKeyCredentials } from "./app-key.ts";
import type { Credentials } from "./handshake.ts";
import { readKeyFile } from "./key-file.ts";

export interface Login {
  readonly auth: SshAuth;
  readonly user: string;
  /** What the server has refused a moment ago. */
  readonly refused: Credentials | null;
}

type Asking = Pick<ConnectRequest, "ask"> & LoginMemory;

/** Whether a person must be asked before there are credentials. */
export async function needsQuestion({ auth, secrets, appKey }: LoginMemory & Pick<Login, "auth">): Promise<boolean> {
  switch (auth.kind) {
    case "agent":
      return false;
    case "password":
      return secrets.password() === undefined && !(await appKey?.read());
    case "key_file":
      return (await readKeyFile(auth.path, await secrets.passphrase(auth.path))).kind === "needs_passphrase";
  }
}

/** Asks a person for what is missing. */
export async function findCredentials(login: Login, request: Asking): Promise<Credentials> {
  switch (login.auth.kind) {
    case "key_file":
      return keyCredentials(login.auth.path, login.user, request);
    case "agent":
      return agentCredentials({ ...login, key: login.auth.key }, request);
    case "password":
      return passwordCredentials(login, request);
  }
}

async function keyCredentials(file: string, username: string, request: Asking): Promise<Credentials> {
  let passphrase = await request.secrets.passphrase(file);
  let key = await readKeyFile(file, passphrase);
  while (key.kind === "needs_passphrase") {
    const answer = await request.ask({ kind: "passphrase", keyFile: file, wrong: key.wrong });
    if (answer.kind !== "passphrase") throw new AppError("app.bad_input", "A passphrase was asked for");
    passphrase = answer.passphrase;
    key = await readKeyFile(file, passphrase);
    if (key.kind === "key") await request.secrets.keepPassphrase(file, passphrase, answer.remember);
  }
  const method = { type: "publickey" as const, username, key: key.content };
  const methods = [passphrase === undefined ? method : { ...method, passphrase }];
  return { description: `the key ${file}`, methods, signsInWith: "key", otherwise: "none" };
}

/** Offers the key that logged in before, or the only one; which of several, a person says. */
async function agentCredentials(
  login: Login & { readonly key: string | undefined },
  request: Asking,
): Promise<Credentials> {
  const agent = await openAgent(process.env["SSH_AUTH_SOCK"]);
  const only = agent.keys.length === 1 ? agent.keys[0]?.fingerprint : undefined;
  const known = login.key ?? only;
  const key = known ?? (await askAgentKey(agent.keys, login.refused, request));
  return {
    description: `the key ${key} of the SSH agent`,
    methods: [{ type: "agent", username: login.user, agent: agent.offering(key) }],
    signsInWith: "key",
    otherwise: known === undefined ? "a_person" : "none",
    kept: { kind: "agent", key },
  };
}

async function askAgentKey(keys: readonly AgentKey[], before: Credentials | null, request: Asking): Promise<string> {
  const refused = before?.kept?.kind === "agent" ? before.kept.key : undefined;
  const answer = await request.ask({ kind: "agent_key", keys: [...keys], ...(refused !== undefined && { refused }) });
  if (answer.kind !== "agent_key") throw new AppError("app.bad_input", "A key of the SSH agent was asked for");
  return answer.fingerprint;
}

/** Where the app has a key of its own for the login, a person is asked only when that is refused. */
async function passwordCredentials(login: Login, request: Asking): Promise<Credentials> {
  const username = login.user;
  const appKey = login.refused ? null : await appKeyCredentials(request.appKey, username);
  if (appKey) return appKey;
  const password = request.secrets.password() ?? (await askPassword(login, request));
  return {
    description: "a password",
    signsInWith: "password",
    otherwise: "a_person",
    methods: [
      { type: "password", username, password },
      {
        type: "keyboard-interactive",
        username,
        prompt: (...[, , , prompts, finish]) => finish(prompts.map((prompt) => (prompt.echo ? "" : password))),
      },
    ],
  };
}

async function askPassword({ user, refused }: Login, request: Asking): Promise<string> {
  const answer = await request.ask({ kind: "password", user, wrong: refused?.signsInWith === "password" });
  if (answer.kind !== "password") throw new AppError("app.bad_input", "A password was asked for");
  request.secrets.keepPassword(answer.password);
  return answer.password;
}
