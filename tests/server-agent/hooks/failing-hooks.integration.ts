import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BASH_LS, command, createHookWorld, STOP, type HookWorld } from "../../support/hook-world.ts";
import { until } from "../../support/start-program.ts";

let world: HookWorld;
let server: Server;
let answer: RequestListener;
beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => server.close());
beforeEach(() => {
  world = createHookWorld();
});
afterEach(() => world.remove());

const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
const http = (more: Record<string, unknown> = {}) => [{ hooks: [{ type: "http", url: url(), timeout: 5, ...more }] }];
const status =
  (code: number, body = "", headers = {}): RequestListener =>
  (_, response) =>
    response.writeHead(code, headers).end(body);

interface Row {
  readonly hook: () => unknown;
  readonly says: RegExp;
}

/** Each way in which a hook can be broken. */
const ROWS: Readonly<Record<string, Row>> = {
  "a program that is missing": { hook: () => command("/nowhere/guard.sh"), says: /guard\.sh.* failed: exit code 127/s },
  "a script that may not be run": {
    hook: () => command(path.join(world.operatorFile)),
    says: /failed: exit code 126/,
  },
  "an exit code of 1": { hook: () => command("echo broken >&2; exit 1"), says: /failed: exit code 1: broken/ },
  "an unhandled error in Node": {
    hook: () => command(`'${process.execPath}' -e 'throw new Error("bug in the guard")'`),
    says: /failed: exit code 1: [^]*bug in the guard/,
  },
  "a crash": { hook: () => command("kill -SEGV $$"), says: /failed: it was killed/ },
  "no end in time": { hook: () => command("sleep 60", { timeout: 0.2 }), says: /failed: it did not end in time/ },
  "half an answer": { hook: () => command(`echo '{"decision":'`), says: /failed: its answer is not JSON/ },
  "an answer nobody knows": {
    hook: () => command(`echo '{"decision":"maybe"}'`),
    says: /failed: its answer cannot be understood/,
  },
  "an answer for another event": {
    hook: () => command(`echo '{"hookSpecificOutput":{"hookEventName":"Elsewhere"}}'`),
    says: /failed: its answer is for Elsewhere/,
  },
  "an answer without end": {
    hook: () => command(`echo '{"a":"'; head -c 1000000 /dev/zero | tr '\\0' x; echo '"}'`),
    says: /failed: its answer is not JSON/,
  },
  "a program of its own that is missing": {
    hook: () => command("/nowhere/guard", { args: ["--check"] }),
    says: /failed: .*ENOENT/,
  },
  "a kind we do not have": { hook: () => [{ hooks: [{ type: "prompt", prompt: "?" }] }], says: /type prompt are not/ },
  "a hook of ours that there is not": {
    hook: () => command("{hooks} no-such-hook"),
    says: /“no-such-hook” failed: there is no such hook/,
  },
  "a server that is away": {
    hook: () => [{ hooks: [{ type: "http", url: "http://127.0.0.1:1/hook" }] }],
    says: /http:\/\/127\.0\.0\.1:1\/hook.* failed: it cannot be reached/,
  },
  "a server that fails": {
    hook: () => ((answer = status(500, "{}")), http()),
    says: /failed: it answered with status 500/,
  },
  "a server that refuses": {
    hook: () => ((answer = status(403)), http()),
    says: /failed: it answered with status 403/,
  },
  "a server that talks": { hook: () => ((answer = status(200, "OK")), http()), says: /failed: its answer is not JSON/ },
  "a server that sends elsewhere": {
    hook: () => ((answer = status(302, "", { location: "http://127.0.0.1:1/" })), http()),
    says: /failed: it cannot be reached/,
  },
  "a server that never answers": {
    hook: () => ((answer = () => undefined), http({ timeout: 0.2 })),
    says: /failed: it did not answer in time/,
  },
  "a server that answers without end": {
    hook: () => ((answer = status(200, `{"a":"${"x".repeat(400_000)}"}`)), http()),
    says: /failed: .*longer than/,
  },
  "a header with a hole": {
    hook: () => http({ headers: { authorization: "Bearer $TOKEN" }, allowedEnvVars: ["TOKEN"] }),
    says: /failed: .*no variable TOKEN/,
  },
};

describe("a broken hook", () => {
  it.each(Object.entries(ROWS))("denies the tool and is named: %s", async (_, { hook, says }) => {
    world.settings({ PreToolUse: hook() });
    expect(await world.run(BASH_LS)).toMatchObject({ decision: "deny", reason: expect.stringMatching(says) as string });
  });

  it.each(Object.entries(ROWS))("is reported at other events, and work goes on: %s", async (_, { hook, says }) => {
    world.settings({ Stop: hook() });
    const { block, stop, reports } = await world.run(STOP);
    expect({ block, stop, reports }).toEqual({ block: null, stop: null, reports: [expect.stringMatching(says)] });
  });

  it("blocks at other events too when its settings say so", async () => {
    world.settings({ Stop: command("exit 1", { onFailure: "block" }) });
    expect((await world.run(STOP)).block).toMatch(/exit code 1/);
  });

  it("denies although another hook allows", async () => {
    const allow = `echo '{"hookSpecificOutput":{"permissionDecision":"allow"}}'`;
    world.settings({ PreToolUse: [...command(allow), ...command("exit 1")] });
    expect((await world.run(BASH_LS)).decision).toBe("deny");
  });

  it("takes its children with it when its time is over", async () => {
    const pid = path.join(world.workspace, "pid");
    world.settings({
      PreToolUse: command(`(trap '' TERM; echo $BASHPID > ${pid}; sleep 60; sleep 60) & wait`, { timeout: 0.5 }),
    });
    expect((await world.run(BASH_LS)).reason).toMatch(/did not end in time/);
    const child = Number(readFileSync(pid, "utf8"));
    await until("the child is gone", () => !existsSync(`/proc/${child}`));
  });
});

describe("settings that cannot be read", () => {
  it.each([
    ["not JSON", "{", /hooks\.json: not JSON/],
    ["of the wrong form", '{"hooks":{"PreToolUse":[{"hooks":[{"type":"command"}]}]}}', /hooks\.json: [^]*hooks/],
  ])("deny every tool while they are %s", async (_, text, says) => {
    writeFileSync(world.operatorFile, text);
    expect(await world.run(BASH_LS)).toMatchObject({ decision: "deny", reason: expect.stringMatching(says) as string });
    expect((await world.run(STOP)).reports).toEqual([expect.stringMatching(says)]);
  });

  it("deny every tool while others may write them", async () => {
    world.settings({});
    chmodSync(world.operatorFile, 0o666);
    expect(await world.run(BASH_LS)).toMatchObject({
      decision: "deny",
      reason: expect.stringContaining("others than its owner may write it") as string,
    });
  });

  it("are no settings when the file is not there", async () => {
    expect((await world.run(BASH_LS)).decision).toBe("none");
  });
});
