import { type AgentName, agentUser } from "../../contract/agents.ts";
import { BrokerReply } from "../../contract/broker.ts";
import { BROKER_SOCKET } from "../../contract/daemon-config.ts";
import { actionHash } from "../../server-agent/platform/action-hash.ts";
import { type LabHost, openLabHost, provisionOn } from "./lab-server-host.ts";
import { type Lab, type LabOptions, startLab } from "./lab-server.ts";

/** Sends its input to the broker and prints what comes back. When the file $1 is there, it hangs up and prints the time. */
const CLIENT = `
const socket = require("node:net").connect(${JSON.stringify(BROKER_SOCKET)});
const file = process.argv[1];
socket.on("error", (error) => console.log(JSON.stringify({ refused: error.code })));
socket.on("data", (piece) => process.stdout.write(piece));
socket.on("close", () => process.exit(0));
process.stdin.on("data", (piece) => socket.write(piece));
const timer = setInterval(() => {
  if (!require("node:fs").existsSync(file)) return;
  clearInterval(timer);
  console.log(JSON.stringify({ hungUpAt: Date.now() }));
  socket.destroy();
}, 20);
`;

export interface BrokerLab {
  readonly lab: Lab;
  readonly app: LabHost;
  readonly serverId: string;
  stop(): Promise<void>;
}

/** A fresh server with the team and its broker. */
export async function startBrokerLab(options: LabOptions): Promise<BrokerLab> {
  const [lab, app] = await Promise.all([startLab({ ...options, equipped: true }), openLabHost()]);
  const stop = async (): Promise<void> => {
    await app.close();
    await lab.stop();
  };
  try {
    const serverId = await app.addServer(lab, "root");
    const { error } = await provisionOn(app, serverId);
    if (error) throw new Error(`${error.message}\n${error.details ?? ""}`);
    return { lab, app, serverId, stop };
  } catch (failure) {
    await stop();
    throw failure;
  }
}

export interface Answer {
  readonly replies: readonly BrokerReply[];
  /** All output together. */
  readonly output: string;
  /** The last reply; null when the broker said nothing. */
  readonly end: BrokerReply | null;
  /** Everything that came, for what is no reply. */
  readonly printed: string;
}

interface Way {
  readonly lab: Lab;
  readonly hangUpOn?: string;
}

/** Sends a text to the broker as a user of the server, and hangs up when a file appears. */
export async function sendRaw({ lab, hangUpOn = "" }: Way, user: string, text: string): Promise<Answer> {
  const node = "/opt/ai-infrastructure/current/node";
  const argv = ["runuser", "-u", user, "--", node, "-e", CLIENT, hangUpOn];
  const { stdout } = await lab.exec(argv, { input: text, timeoutMs: 300_000 });
  const replies = stdout.split("\n").flatMap((line) => {
    const reply = line === "" ? null : BrokerReply.safeParse(JSON.parse(line));
    return reply?.success ? [reply.data] : [];
  });
  const output = replies.flatMap((reply) => (reply.type === "output" ? reply.text : [])).join("");
  return { replies, output, end: replies.at(-1) ?? null, printed: stdout };
}

export interface RootAction {
  readonly agent: AgentName;
  readonly tool: string;
  readonly input: unknown;
}

export async function askBroker(lab: Lab, user: string, { agent, tool, input }: RootAction): Promise<Answer> {
  return await sendRaw({ lab }, user, `${JSON.stringify({ agent, call: { tool, input } })}\n`);
}

/** As the daemon leaves it in the database when it has let a call run: by its level, or after a person's yes. */
export async function permit(lab: Lab, action: RootAction, by: "level" | "person"): Promise<void> {
  const hash = actionHash(action);
  const task = `task-${Math.random().toString(36).slice(2)}`;
  const turn = `${task}.1`;
  await runSql(
    lab,
    `
    insert into conversations (id) values ('lab') on conflict do nothing;
    insert into tasks (id, root_id, conversation_id, agent, origin, request, state)
      values ('${task}', '${task}', 'lab', '${action.agent}', 'person', 'work', 'running');
    insert into turns (id, task_id, agent, history) values ('${turn}', '${task}', '${action.agent}', '[]');
    insert into calls (turn_id, call_id, task_id, conversation_id, agent, tool, summary, state, output, action_hash, allowed_by)
      values ('${turn}', 'call', '${task}', 'lab', '${action.agent}', '${action.tool}', 'as root', 'running', '', '${hash}',
        '${by}');`,
  );
}

/** The Unix user of the infra agent, who asks for most. */
export const INFRA = agentUser("infra");

/** What an agent gets for what was allowed. */
export async function askAllowed(lab: Lab, action: RootAction, by: "level" | "person"): Promise<Answer> {
  await permit(lab, action, by);
  return await askBroker(lab, agentUser(action.agent), action);
}

/** Of what must have succeeded; empty when nothing was kept. */
export function snapshotOf({ end, printed }: Answer): string {
  if (end?.type !== "done") throw new Error(`The broker did not do it: ${printed}`);
  return end.snapshot ?? "";
}

/** Prints every file's place, rights, size and time, and which services run as which process. */
export const STATE_OF_SERVER = `
find /etc /opt /usr /root /home /srv /workspace /var/www /var/lib/ai-infrastructure-broker -xdev \\
  -printf '%p %y %m %u %g %s %T@\\n' 2>/dev/null | sort | sha256sum
systemctl list-units --type=service --state=running --no-legend --plain | cut -d' ' -f1 | grep -v ai-infrastructure-broker@
systemctl show --property=MainPID nginx.service cron.service ssh.service ai-infrastructure.service`;

/** As the daemon, on its own database. */
export async function runSql(lab: Lab, sql: string): Promise<string> {
  const psql = ["runuser", "-u", "ai-infra", "--", "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", "ai_infrastructure"];
  const { exitCode, stdout, stderr } = await lab.exec(psql, { input: `begin; ${sql}; commit;` });
  if (exitCode !== 0) throw new Error(stderr);
  return stdout.trimEnd();
}
