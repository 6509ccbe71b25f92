import type { AnyAuthMethod } from "ssh2";
import { AppError } from "../../contract/errors.ts";
import type { SshAuth } from "../../contract/servers.ts";
import type { ConnectRequest } from "../servers/link.ts";
import { findAgent } from "./agent.ts";
import { readKeyFile } from "./key-file.ts";

/** What a login is tried with. */
export interface Credentials {
  /** For messages: "the key ~/.ssh/id_ed25519". */
  readonly description: string;
  readonly methods: AnyAuthMethod[];
}

export interface Login {
  readonly auth: SshAuth;
  readonly user: string;
  /** The server has refused the password given before. */
  readonly passwordWasWrong: boolean;
}

type Asking = Pick<ConnectRequest, "ask" | "secrets">;

/** Whether a person must be asked before there are credentials. */
export async function needsQuestion(auth: SshAuth, secrets: ConnectRequest["secrets"]): Promise<boolean> {
  switch (auth.kind) {
    case "agent":
      return false;
    case "password":
      return secrets.password() === undefined;
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
      return agentCredentials(login.user);
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
  return { description: `the key ${file}`, methods: [passphrase === undefined ? method : { ...method, passphrase }] };
}

async function agentCredentials(username: string): Promise<Credentials> {
  const agent = await findAgent(process.env["SSH_AUTH_SOCK"]);
  return { description: "the keys of the SSH agent", methods: [{ type: "agent", username, agent }] };
}

async function passwordCredentials(login: Login, request: Asking): Promise<Credentials> {
  const username = login.user;
  const password = request.secrets.password() ?? (await askPassword(login, request));
  return {
    description: "a password",
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

async function askPassword({ user, passwordWasWrong }: Login, request: Asking): Promise<string> {
  const answer = await request.ask({ kind: "password", user, wrong: passwordWasWrong });
  if (answer.kind !== "password") throw new AppError("app.bad_input", "A password was asked for");
  request.secrets.keepPassword(answer.password);
  return answer.password;
}
