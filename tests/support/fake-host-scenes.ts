import type { AgentName, AgentStatus } from "../../contract/agents.ts";
import type { Approval } from "../../contract/approvals.ts";
import type { Message } from "../../contract/chat.ts";
import type { Connection, ServerView } from "../../contract/servers.ts";
import type { DaemonStatus } from "../../contract/status.ts";
import type { Task, ToolCall } from "../../contract/tasks.ts";
import { PLAN } from "./fake-host-plan.ts";
import { EXCHANGE } from "./fake-host-messages.ts";
import type { Scene } from "./fake-host-world.ts";

/** Milliseconds before now, as the contract writes times. */
export const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
const MINUTE = 60_000;

export const ONLINE: Connection = { state: "online", since: ago(3 * MINUTE), latencyMs: 12, silentSince: null };
export const EXPECTED_KEY = {
  algorithm: "ssh-ed25519",
  fingerprint: "SHA256:uNiVztksCsDhcc0u9e8BrqXVUXDsmPyIOpCq7d3pX0E",
};
export const FOUND_KEY = {
  algorithm: "ssh-ed25519",
  fingerprint: "SHA256:47DEQpj8HBSa3TImW5JCeuQeRkm5NMpJWZG3hSuFU9z",
};

export function sshServer(connection: Connection = ONLINE, provisioned = true): ServerView {
  return {
    server: {
      id: "s1",
      name: "hetzner-1",
      place: {
        kind: "ssh",
        address: { host: "203.0.113.7", port: 22, user: "root" },
        auth: { kind: "key_file", path: "~/.ssh/id_ed25519" },
        hostKey: EXPECTED_KEY,
      },
      provisioned: provisioned ? { at: ago(60 * MINUTE), version: "0.1.0" } : null,
    },
    connection,
  };
}

export function agent(name: AgentName, part: Partial<AgentStatus> = {}): AgentStatus {
  const level = name === "supervisor" ? 3 : name === "infra" ? 2 : 1;
  return { name, level, state: "idle", taskId: null, activity: null, lastActivityAt: ago(12 * MINUTE), ...part };
}

export const STATUS: DaemonStatus = {
  healthy: true,
  version: "0.1.0",
  startedAt: ago(60 * MINUTE),
  model: "simulated",
  services: [
    { name: "daemon", state: "up", detail: "0.1.0" },
    { name: "postgres", state: "up", detail: "15.14" },
    { name: "redis", state: "down", detail: "Connection refused on 127.0.0.1:6379" },
    { name: "tmux", state: "up", detail: "3.3a, 8 windows" },
    { name: "sandbox", state: "up", detail: "bubblewrap 0.8.0" },
  ],
  memory: { files: 148, pieces: 612, withVector: 612, hasModel: true, index: "postgres", problem: null },
  agents: [
    agent("supervisor", { state: "working", taskId: "t1", activity: "Waiting for Code", lastActivityAt: ago(2000) }),
    agent("code", {
      state: "working",
      taskId: "t2",
      activity: "Writing server/health.test.ts",
      lastActivityAt: ago(800),
    }),
    agent("data"),
    agent("infra", {
      state: "waiting",
      taskId: "t3",
      activity: "Waiting for your answer",
      lastActivityAt: ago(MINUTE),
    }),
    agent("research", { state: "offline", lastActivityAt: null }),
    agent("qa", { lastActivityAt: ago(60 * MINUTE) }),
  ],
};

export function message(id: string, part: Partial<Message>): Message {
  return {
    id,
    conversationId: "main",
    taskId: "t1",
    role: "agent",
    agent: "supervisor",
    text: "",
    simulated: true,
    at: ago(MINUTE),
    ...part,
  };
}

export function task(id: string, part: Partial<Task>): Task {
  return {
    id,
    parentId: null,
    conversationId: "main",
    agent: "supervisor",
    request: "Put the status page on status.example.com with HTTPS, and add a health check for the API.",
    priority: 5,
    phase: null,
    repository: null,
    state: "running",
    result: null,
    error: null,
    simulated: true,
    createdAt: ago(3 * MINUTE),
    startedAt: ago(3 * MINUTE),
    endedAt: null,
    ...part,
  };
}

function call(id: string, part: Partial<ToolCall>): ToolCall {
  return {
    id,
    taskId: "t2",
    conversationId: "main",
    agent: "code",
    tool: "read_file",
    summary: "server/app.ts",
    state: "done",
    output: "import { createServer } from 'node:http';",
    startedAt: ago(2 * MINUTE),
    endedAt: ago(2 * MINUTE - 40),
    ...part,
  };
}

export const APPROVAL: Approval = {
  id: "a1",
  taskId: "t3",
  conversationId: "main",
  agent: "infra",
  action: "certbot certonly --webroot -w /var/www/status -d status.example.com\nsystemctl reload nginx",
  reason: "Gets the certificate and has nginx use it.",
  tool: "run_command",
  hash: "5f".repeat(32),
  destructive: null,
  grantable: [{ tool: "nginx", verb: "reload", target: "status.example.com" }],
  state: "open",
  createdAt: ago(40_000),
  expiresAt: new Date(Date.now() + 29 * MINUTE).toISOString(),
  answeredAt: null,
  usedAt: null,
};

const PLAN_TEXT = `Three steps. Code and Infra can start now; QA checks both before I call it done.

1. **Code** adds \`GET /healthz\` and its test.
2. **Infra** adds the domain, nginx site and certificate.
3. **QA** checks 7 criteria from outside.

\`\`\`ts
export function health(database: Database): Response {
  const ok = database.isOpen(); // 503 when it is away
  return new Response(JSON.stringify({ ok }), { status: ok ? 200 : 503 });
}
\`\`\`

| Criterion | Checked by |
| --- | --- |
| HTTPS answers with 200 | QA |
| Certificate valid for 90 days | QA |
`;

/** A team in the middle of work, with something for a person to decide. */
export const WORKING: Scene = {
  servers: [sshServer()],
  status: STATUS,
  messages: [
    message("m0", { role: "person", agent: null, text: "Is everything up?", taskId: "t0", at: ago(22 * MINUTE) }),
    message("m0a", {
      taskId: "t0",
      text: "Yes. All services answer, the last backup is 40 minutes old.",
      at: ago(21 * MINUTE),
    }),
    message("m1", {
      role: "person",
      agent: null,
      text: "Put the status page on status.example.com with HTTPS, and add a health check for the API.",
      at: ago(3 * MINUTE),
    }),
    message("m2", { text: PLAN_TEXT, at: ago(3 * MINUTE - 1900) }),
  ],
  tasks: [
    task("t0", {
      request: "Is everything up?",
      state: "done",
      endedAt: ago(21 * MINUTE),
      createdAt: ago(22 * MINUTE),
      startedAt: ago(22 * MINUTE),
      result: "Yes.",
    }),
    task("t1", {}),
    task("t2", {
      parentId: "t1",
      agent: "code",
      request: "Add GET /healthz with a test",
      createdAt: ago(134_000),
      startedAt: ago(134_000),
    }),
    task("t3", {
      parentId: "t1",
      agent: "infra",
      request: "Add the domain status.example.com",
      state: "waiting",
      createdAt: ago(130_000),
      startedAt: ago(130_000),
    }),
    task("t4", {
      agent: "data",
      request: "Import the customers of last year",
      state: "failed",
      createdAt: ago(90 * MINUTE),
      startedAt: ago(90 * MINUTE),
      endedAt: ago(89 * MINUTE),
      error: { code: "model.unreachable", message: "api.anthropic.com did not answer within 30 s." },
    }),
  ],
  calls: [
    call("c0", {
      taskId: "t0",
      agent: "supervisor",
      tool: "run_command",
      summary: "systemctl is-active postgresql redis",
      startedAt: ago(22 * MINUTE - 900),
      endedAt: ago(22 * MINUTE - 1000),
    }),
    call("c1", {}),
    call("c2", { tool: "write_file", summary: "server/health.ts", startedAt: ago(110_000), endedAt: ago(109_980) }),
    call("c3", {
      tool: "run_command",
      summary: "npm test -- health",
      state: "failed",
      startedAt: ago(100_000),
      endedAt: ago(96_900),
      output: "1 failing: expects 503 when the database is away",
    }),
    call("c4", {
      tool: "write_file",
      summary: "server/health.test.ts",
      state: "running",
      output: "",
      startedAt: ago(4000),
      endedAt: null,
    }),
  ],
  approvals: [APPROVAL],
  teamMessages: EXCHANGE,
};

export const EMPTY_CHAT: Scene = {
  servers: [sshServer()],
  status: { ...STATUS, agents: STATUS.agents.map(({ name }) => agent(name)) },
};

export const FRESH: Scene = { servers: [sshServer(ONLINE, false)], plan: PLAN };

/** A long conversation, page after page. */
export function longHistory(count: number): Scene {
  const messages = Array.from({ length: count }, (_, index) =>
    message(`h${index}`, {
      role: index % 2 === 0 ? "person" : "agent",
      agent: index % 2 === 0 ? null : "supervisor",
      taskId: `ht${Math.floor(index / 2)}`,
      text: index % 2 === 0 ? `Question ${index}` : `Answer ${index}.\n\n- **one** with \`code\`\n- two`,
      at: ago((count - index) * MINUTE),
    }),
  );
  return { servers: [sshServer()], status: STATUS, messages };
}
