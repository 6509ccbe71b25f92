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
      return { kind: "host_key", fingerprint: await acceptHostKey(context, question.hostKey.fingerprint) };
    case "passphrase":
      return { kind: "passphrase", passphrase: await passphrase(context, question), remember: false };
    case "password":
      return { kind: "password", password: await password(context, question) };
  }
}

async function acceptHostKey({ options, screen }: Context, fingerprint: string): Promise<string> {
  const accepted = options["accept-host-key"];
  if (accepted !== undefined) return accepted;
  if (!screen.isInteractive) {
    throw new AppError("connection.host_key_unknown", `The server shows an unknown host key: ${fingerprint}`, {
      hint: `Compare it with the server's console, then add --accept-host-key ${fingerprint}`,
    });
  }
  screen.note(`This server is unknown here. Its host key is\n  ${fingerprint}`);
  if (/^y(es)?$/i.test(await screen.ask("Is that the key its console shows, and connect? [yes/no] ")))
    return fingerprint;
  throw new AppError("connection.host_key_refused", "The host key was not accepted; nothing was sent");
}

type Asked<Kind extends Question["kind"]> = Extract<Question, { kind: Kind }>;

async function passphrase({ env, screen }: Context, question: Asked<"passphrase">): Promise<string> {
  const given = env["AI_INFRA_PASSPHRASE"];
  if (given !== undefined && !question.wrong) return given;
  if (given === undefined && screen.isInteractive) {
    if (question.wrong) screen.note("That passphrase does not open the key.");
    return screen.askHidden(`Passphrase of ${question.keyFile}: `);
  }
  if (question.wrong) {
    throw new AppError("connection.passphrase_wrong", `The passphrase does not open the key ${question.keyFile}`);
  }
  throw new AppError("connection.passphrase_needed", `The key ${question.keyFile} needs its passphrase`, {
    hint: "Run this in a terminal, or set AI_INFRA_PASSPHRASE.",
  });
}

async function password({ env, screen }: Context, question: Asked<"password">): Promise<string> {
  const given = env["AI_INFRA_PASSWORD"];
  if (given !== undefined && !question.wrong) return given;
  if (given === undefined && screen.isInteractive) {
    if (question.wrong) screen.note("The server refused that password.");
    return screen.askHidden(`Password of ${question.user}: `);
  }
  if (question.wrong)
    throw new AppError("connection.auth_failed", `The server refused the password of ${question.user}`);
  throw new AppError("connection.password_needed", `The server wants the password of ${question.user}`, {
    hint: "Run this in a terminal, or set AI_INFRA_PASSWORD.",
  });
}
