import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { TerminalStream } from "../../../src-main/servers/link.ts";
import { linksTo } from "../../support/ssh-link.ts";
import { startSshd, type Sshd } from "../../support/sshd.ts";
import { until } from "../../support/start-program.ts";

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd("MaxSessions 3\nForceCommand exec cat\n");
});
afterAll(async () => {
  await sshd.close();
});

const logins = () => sshd.log().match(/Accepted publickey/g)?.length ?? 0;
const connections = () => {
  const filter = ["state", "established", "sport", "=", `:${sshd.port}`];
  return spawnSync("ss", ["-Htn", ...filter], { encoding: "utf8" })
    .stdout.split("\n")
    .filter(Boolean).length;
};

async function answers(terminal: TerminalStream, word: string): Promise<void> {
  let screen = "";
  terminal.onData((bytes) => (screen += Buffer.from(bytes).toString()));
  terminal.write(Buffer.from(`${word}\n`));
  await until(`${word} is answered`, () => screen.includes(word));
}

it("opens as many terminals as are wanted, whatever the server takes on one connection", async () => {
  const link = await linksTo(sshd)();
  const terminals = await Promise.all(
    Array.from({ length: 12 }, () => link.openTerminal("code", { columns: 80, rows: 24 })),
  );
  await Promise.all(terminals.map((terminal, index) => answers(terminal, `word-${index}`)));
  expect(logins()).toBe(4);

  for (const terminal of terminals) terminal.close();
  await until("the further connections have ended", () => connections() === 1);
  await answers(await link.openTerminal("code", { columns: 80, rows: 24 }), "again");
  expect(logins()).toBe(4);

  await Promise.all(Array.from({ length: 4 }, () => link.openTerminal("code", { columns: 80, rows: 24 })));
  link.close();
  await until("all connections have ended", () => connections() === 0);
});
