import { describe, expect, test } from "vitest";
import type { ActionPattern, Grant } from "../../../contract/permissions.ts";
import { readPolicy } from "../../../server-agent/policy/read-policy.ts";
import { answer, judged, NOON } from "./judging.ts";

const restart = { agent: "infra", level: 2, tool: "systemd", input: { action: "restart", unit: "nginx" } } as const;
const stop = { ...restart, input: { action: "stop", unit: "nginx" } } as const;

function grant(covers: ActionPattern, changes: Partial<Grant> = {}): Grant {
  return { id: "g1", agent: "infra", covers, until: "2030-01-01T13:00:00Z", givenBy: "ada", ...changes };
}

function policy(rules: unknown): { policy: ReturnType<typeof readPolicy> } {
  return { policy: readPolicy(JSON.stringify(rules)) };
}

describe("what levels may not do", () => {
  test("denies a tool that does not exist, or is none of its level", () => {
    expect(answer({ level: 3, tool: "format_disk", input: {} })).toEqual({
      verdict: "deny",
      reason: "There is no tool format_disk",
    });
    expect(answer({ level: 1, tool: "docker", input: { action: "ps" } }).verdict).toBe("deny");
    expect(answer({ level: 3, tool: "__proto__", input: {} }).verdict).toBe("deny");
  });

  test.each([undefined, null, 7, "ls", [], {}, { command: 7 }, { command: null }])(
    "asks when the input is %j",
    (input) => {
      expect(answer({ level: 1, tool: "run_command", input }).verdict).toBe("ask");
    },
  );

  test("knows the workspace wherever it is, also below a folder that is sealed otherwise", () => {
    const place = { workspace: "/home/ada/team/workspace" };
    const read = (path: string): string => answer({ level: 1, tool: "read_file", input: { path } }, place).verdict;
    expect([read("a.txt"), read("/home/ada/team/workspace/a.txt")]).toEqual(["allow", "allow"]);
    expect([read("/workspace/a.txt"), read("/home/ada/.ssh/id_ed25519"), read("../a.txt")]).toEqual([
      "deny",
      "deny",
      "deny",
    ]);
    expect(judged("rm -rf /home/ada/team/workspace/node_modules", 1, place).verdict).toBe("allow");
    expect(judged("rm -rf /home/ada/team", 1, place).verdict).toBe("deny");
  });
});

describe("what is destroyed", () => {
  test.each([
    ["rm -rf .", { kind: "files", targets: ["/workspace"] }],
    ["git reset --hard HEAD~2", { kind: "git", targets: ["HEAD~2"] }],
    ["git push --force origin main", { kind: "git", targets: ["origin", "main"] }],
    ["git clean -fdx", { kind: "git", targets: ["HEAD"] }],
    ["find . -delete", { kind: "files", targets: ["."] }],
    ["sqlite3 app.db 'drop table users'", { kind: "database", targets: ["users"] }],
    ["timeout 5 env rm -rf app", { kind: "files", targets: ["/workspace/app"] }],
    ["redis-cli flushall", { kind: "database", targets: ["flushall"] }],
  ])("names it for a snapshot: %s", (command, destructive) => {
    expect(judged(command)).toMatchObject({ verdict: "ask", destructive });
  });

  test.each([
    ["systemctl stop nginx", { kind: "service", targets: ["nginx"] }],
    ["docker system prune -af", { kind: "container", targets: ["prune"] }],
    ["rm -rf /srv/app", { kind: "files", targets: ["/srv/app"] }],
    ["mkfs.ext4 /dev/vdb", { kind: "files", targets: ["/dev/vdb"] }],
  ])("names it at level 3: %s", (command, destructive) => {
    expect(judged(command, 3)).toMatchObject({ verdict: "ask", destructive });
  });

  test("names every target once, and refuses to destroy things of several kinds at once", () => {
    expect(judged("rm -rf app; rm -rf app lib")).toMatchObject({
      destructive: { kind: "files", targets: ["/workspace/app", "/workspace/lib"] },
    });
    expect(judged("rm -rf app; git clean -fdx").verdict).toBe("deny");
  });
});

describe("grants", () => {
  const covers = { tool: "systemd", verb: "restart", target: "nginx" } as const;

  test("answers for a person while it lasts, for its agent and its action only", () => {
    const given = { grants: [grant(covers)] };
    expect(answer(restart)).toEqual({ verdict: "ask", question: "systemd restart nginx", destructive: null });
    expect(answer(restart, given)).toEqual({ verdict: "allow", because: "grant g1" });
    expect(answer(restart, { ...given, now: new Date("2030-01-01T13:00:00Z") }).verdict).toBe("ask");
    expect(answer({ ...restart, agent: "supervisor" }, given).verdict).toBe("ask");
    expect(answer({ ...restart, input: { action: "restart", unit: "postgresql" } }, given).verdict).toBe("ask");
    expect(answer(stop, given).verdict).toBe("ask");
  });

  test("answers for what destroys only when it names that very action", () => {
    const to = (pattern: ActionPattern): string => answer(stop, { grants: [grant(pattern)] }).verdict;
    expect(to({ tool: "systemd" })).toBe("ask");
    expect(to({ tool: "systemd", verb: "*", target: "nginx" })).toBe("ask");
    expect(to({ tool: "systemd", verb: "stop" })).toBe("ask");
    expect(to({ tool: "systemd", verb: "stop", target: "nginx" })).toBe("allow");
  });

  test("covers a command only when it covers every part of it", () => {
    const push: Grant = grant({ tool: "run_command", program: "git", verb: "push" }, { agent: "code" });
    const given = { grants: [push] };
    expect(judged("git push origin main").verdict).toBe("ask");
    expect(judged("npm test && git push origin main", 1, given)).toEqual({ verdict: "allow", because: "grant g1" });
    expect(judged("git push origin main; frobnicate", 1, given).verdict).toBe("ask");
    expect(judged("git push --force origin main", 1, given).verdict).toBe("ask");
    expect(judged("git push origin main > /var/www/log", 1, given).verdict).toBe("ask");
  });

  test("never covers what a level denies, what cannot be read, or the policy itself", () => {
    const anything: Grant[] = [grant({ tool: "run_command" }), grant({ tool: "write_file" })].map((one) => ({
      ...one,
      agent: "code",
    }));
    const given = { grants: anything };
    expect(judged("cat /etc/shadow", 1, given).verdict).toBe("deny");
    expect(judged("$x -rf y", 1, given).verdict).toBe("ask");
    expect(judged("echo 'open", 1, given).verdict).toBe("ask");
    const file = { path: "/etc/ai-infrastructure/policy.json", content: "" };
    expect(answer({ level: 3, tool: "write_file", input: file }, given).verdict).toBe("ask");
  });
});

describe("the policy file", () => {
  test("answers for a person, by agent and level", () => {
    const rules = policy({
      autoApprove: [{ tool: "systemd", verb: "restart", target: "nginx", agents: ["infra"], levels: [2] }],
    });
    expect(answer(restart, rules)).toEqual({ verdict: "allow", because: "the policy file" });
    expect(answer({ ...restart, agent: "supervisor" }, rules).verdict).toBe("ask");
    expect(answer({ ...restart, level: 3 }, rules).verdict).toBe("ask");
  });

  test("never answers for what destroys, however it is written", () => {
    const rules = policy({ autoApprove: [{ tool: "systemd" }, { tool: "systemd", verb: "stop", target: "nginx" }] });
    expect(answer(stop, rules)).toEqual({
      verdict: "ask",
      question: "systemd stop nginx",
      destructive: { kind: "service", targets: ["nginx"] },
    });
  });

  test("forbids what the level allows, in any part of a command", () => {
    const rules = policy({ deny: [{ tool: "run_command", program: "npm", verb: "install" }] });
    expect(judged("npm install zod", 1, rules).verdict).toBe("deny");
    expect(judged("ls && (cd app; timeout 60 npm install)", 1, rules).verdict).toBe("deny");
    expect(judged("npm test", 1, rules)).toEqual({ verdict: "allow" });
  });

  test("is stronger than a grant where it forbids", () => {
    const rules = policy({ deny: [{ tool: "systemd", target: "ng*" }] });
    const grants = [grant({ tool: "systemd", verb: "restart", target: "nginx" })];
    expect(answer(restart, { ...rules, grants }).verdict).toBe("deny");
  });

  test("means the defaults when it is missing", () => {
    expect(readPolicy(null)).toEqual({ state: "ok", policy: { autoApprove: [], deny: [] } });
  });

  test.each(["", "{", "[]", '{"autoApprove": [{"tool": "nothing"}]}', '{"allow": []}', '{"deny": "all"}'])(
    "answers nothing while it is broken: %s",
    (text) => {
      const broken = {
        policy: readPolicy(text),
        grants: [grant({ tool: "systemd", verb: "restart", target: "nginx" })],
      };
      expect(broken.policy.state).toBe("broken");
      expect(answer(restart, broken).verdict).toBe("ask");
      expect(answer({ ...restart, input: { action: "status", unit: "nginx" } }, broken)).toEqual({ verdict: "allow" });
    },
  );
});

test("gives the same answer to the same question, and leaves what it was given as it was", () => {
  const call = Object.freeze({
    agent: "code",
    tool: "run_command",
    input: Object.freeze({ command: "ls; rm -rf ." }),
  } as const);
  const first = answer({ ...call, level: 1 });
  expect(answer({ ...call, level: 1 })).toEqual(first);
  expect(NOON.toISOString()).toBe("2030-01-01T12:00:00.000Z");
});
