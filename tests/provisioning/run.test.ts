import { expect, test } from "vitest";
import { AppError } from "../../contract/errors.ts";
import { provisionServer } from "../../provisioning/run.ts";
import type { NewRunEvent } from "../../provisioning/step-reports.ts";
import type { Command } from "../../provisioning/shell.ts";
import { LOOKS_LIKE_DEBIAN, standInShell, wanted } from "./server-stand-in.ts";

function start(answer: (command: Command) => string | undefined, signal = new AbortController().signal) {
  const events: NewRunEvent[] = [];
  const shell = standInShell(answer);
  const emit = (event: NewRunEvent) => events.push(event);
  const parts = { serverId: "s", who: "ann@laptop", signal, emit, now: () => new Date(0) };
  return { events, result: provisionServer({ ...parts, connect: async () => shell }, wanted) };
}

const isApt = ({ argv }: Command) => argv.some((word) => word.includes("apt update"));
const makesUsers = ({ argv }: Command) => argv.some((word) => word.includes("useradd"));

test("after a failed step nothing more is started, and the failure is told with the result", async () => {
  const failure = new AppError("provision.step_failed", "useradd failed");
  const { result } = start((command) => {
    if (makesUsers(command)) throw failure;
    return undefined;
  });
  const { ok, error, steps } = await result;
  expect({ ok, error, states: steps.map(({ state }) => state) }).toEqual({
    ok: false,
    error: failure.toWire(),
    // This server has memory enough, so that swap is no step to take.
    states: ["failed", "unchanged", ...Array.from({ length: steps.length - 2 }, () => "skipped")],
  });
});

test("a step that was applied without effect fails instead of being believed", async () => {
  const { error } = await start(() => undefined).result;
  expect(error?.message).toBe("Users and folders: applied, but the server does not show it");
});

test("a broken connection repeats what was being done", async () => {
  let cuts = 2;
  const { events, result } = start((command) => {
    if (makesUsers(command) && cuts-- > 0) throw new AppError("connection.lost", "gone");
    return undefined;
  });
  await result;
  expect(events.filter((event) => event.type === "step_log").map(({ line }) => line)).toEqual([
    "The connection broke; going on when it is back",
    "The connection broke; going on when it is back",
  ]);
});

test("a server that cannot be provisioned is told so before anything is changed", async () => {
  const commands: Command[] = [];
  const { result } = start((command) => {
    commands.push(command);
    if (command.asRoot) throw new AppError("provision.no_sudo", "ann may not");
    return LOOKS_LIKE_DEBIAN.replace("root\troot", "user\tann").replace("root\tlogin", "root\tnone");
  });
  expect((await result).error?.code).toBe("provision.no_sudo");
  expect(commands.filter((command) => isApt(command) || makesUsers(command))).toEqual([]);
});

test("a cancelled run ends as cancelled", async () => {
  const abort = new AbortController();
  const { result } = start((command) => {
    if (makesUsers(command)) {
      abort.abort();
      throw new AppError("app.cancelled", "stopped");
    }
    return undefined;
  }, abort.signal);
  expect((await result).error?.code).toBe("app.cancelled");
});
