import { AppError } from "../../contract/errors.ts";
import type { Answer, Question } from "../../contract/servers.ts";
import type { Context } from "./context.ts";

/** Connects, answering the host's questions from options, environment or the person. One failed attempt is a failure. */
export async function connect(context: Context, serverId: string): Promise<void> {
  const { servers } = context.host;
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, context.signal]);
  servers.connect(serverId);
  try {
    for await (const list of servers.watch(signal)) {
      const connection = list.find(({ server }) => server.id === serverId)?.connection;
      if (connection?.state === "online") return;
      if (connection?.state === "asking") servers.answer(serverId, await answer(context, connection.question));
      if (connection?.state === "waiting" || connection?.state === "refused") throw AppError.fromWire(connection.error);
    }
    throw new AppError("app.cancelled", "Cancelled");
  } finally {
    stop.abort();
  }
}

async function answer(context: Context, question: Question): Promise<Answer> {
  switch (question.kind) {
    case "host_key":
      return { kind: "host_key", fingerprint: await acceptHostKey(context, question) };
    case "passphrase":
      return { kind: "passphrase", passphrase: await passphrase(context, question), remember: false };
    case "password":
      return { kind: "password", password: await password(context, question) };
    case "agent_key":
      return { kind: "agent_key", fingerprint: await agentKey(context, question) };
  }
}

type Asked<Kind extends Question["kind"]> = Extract<Question, { kind: Kind }>;

async function acceptHostKey({ options, screen }: Context, question: Asked<"host_key">): Promise<string> {
  const { fingerprint } = question.hostKey;
  const option = question.jumpHost === undefined ? "accept-host-key" : "accept-jump-key";
  const who = whoAsks(question);
  const accepted = options[option];
  if (accepted !== undefined) return accepted;
  if (!screen.isInteractive) {
    throw new AppError("connection.host_key_unknown", `${who} shows an unknown host key: ${fingerprint}`, {
      hint: `Compare it with the server's console, then add --${option} ${fingerprint}`,
    });
  }
  screen.note(`${who} is unknown here. Its host key is\n  ${fingerprint}`);
  if (/^y(es)?$/i.test(await screen.ask("Is that the key its console shows, and connect? [yes/no] ")))
    return fingerprint;
  throw new AppError("connection.host_key_refused", "The host key was not accepted; nothing was sent");
}

/** At the beginning of a sentence. */
function whoAsks({ jumpHost }: Question): string {
  return jumpHost === undefined ? "The server" : `The jump host ${jumpHost}`;
}

/** The variable that answers in a person's place. */
function variable(name: "PASSPHRASE" | "PASSWORD", { jumpHost }: Question): string {
  return jumpHost === undefined ? `AI_INFRA_${name}` : `AI_INFRA_JUMP_${name}`;
}

async function passphrase({ env, screen }: Context, question: Asked<"passphrase">): Promise<string> {
  const name = variable("PASSPHRASE", question);
  const given = env[name];
  if (given !== undefined && !question.wrong) return given;
  if (given === undefined && screen.isInteractive) {
    if (question.wrong) screen.note("That passphrase does not open the key.");
    return screen.askHidden(`Passphrase of ${question.keyFile}: `);
  }
  if (question.wrong) {
    throw new AppError("connection.passphrase_wrong", `The passphrase does not open the key ${question.keyFile}`);
  }
  throw new AppError("connection.passphrase_needed", `The key ${question.keyFile} needs its passphrase`, {
    hint: `Run this in a terminal, or set ${name}.`,
  });
}

async function password({ env, screen }: Context, question: Asked<"password">): Promise<string> {
  const name = variable("PASSWORD", question);
  const who = whoAsks(question);
  const given = env[name];
  if (given !== undefined && !question.wrong) return given;
  if (given === undefined && screen.isInteractive) {
    if (question.wrong) screen.note(`${who} refused that password.`);
    const at = question.jumpHost === undefined ? "" : ` on the jump host ${question.jumpHost}`;
    return screen.askHidden(`Password of ${question.user}${at}: `);
  }
  if (question.wrong) throw new AppError("connection.auth_failed", `${who} refused the password of ${question.user}`);
  throw new AppError("connection.password_needed", `${who} wants the password of ${question.user}`, {
    hint: `Run this in a terminal, or set ${name}.`,
  });
}

async function agentKey({ screen }: Context, { keys, refused }: Asked<"agent_key">): Promise<string> {
  const lines = keys.map(({ fingerprint, comment }, at) => `  ${at + 1}  ${fingerprint} ${comment}`);
  if (!screen.isInteractive) {
    throw new AppError("connection.agent_key_needed", "The SSH agent holds several keys", {
      hint: "Name one with --agent-key FINGERPRINT; each one that is offered counts as a try.",
      details: lines.join("\n"),
    });
  }
  if (refused !== undefined) screen.note(`The server refused ${refused}.`);
  screen.note(`The SSH agent holds several keys:\n${lines.join("\n")}`);
  const chosen = keys[Number(await screen.ask("Which of them logs in? [number] ")) - 1];
  if (!chosen) throw new AppError("app.cancelled", "No key was chosen; nothing was sent");
  return chosen.fingerprint;
}
