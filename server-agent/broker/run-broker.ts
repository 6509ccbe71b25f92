import { readFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { type AgentName, agentUser, type Level } from "../../contract/agents.ts";
import type { BrokerReply } from "../../contract/broker.ts";
import { BrokerPolicy, UNITS_ANYWHERE } from "../../contract/broker-policy.ts";
import type { RootLosses } from "../../contract/root-losses.ts";
import { AppError, toWireError } from "../../contract/errors.ts";
import { groupId } from "../platform/group-id.ts";
import { DAEMON_USER, identify, parsePeer, type Peer, withLevel } from "./caller.ts";
import { createDesk } from "./desk.ts";
import type { Workbench } from "./family.ts";
import { handleRequest } from "./handle-request.ts";
import { createPrograms } from "./programs.ts";
import { readRequest } from "./read-request.ts";
import { refuseChangeable } from "./refuse-changeable.ts";
import { openSnapshots } from "./snapshots.ts";
import { openTrail } from "./trail.ts";

/** The daemon's, which names where levels are set. */
const CONFIG_FILE = "/etc/ai-infrastructure/daemon.json";
const POLICY_FILE = "/etc/ai-infrastructure/broker.json";
/** Where provisioning puts it. */
const WORKSPACE = "/workspace";
const TEAM_GROUP = "ai-team";

/** How systemd starts it for one connection, which is its standard input and output. */
export interface BrokerStart {
  /** The instance name of the service. */
  readonly peer: string | undefined;
  /** Where the daemon answers. */
  readonly desk: string | undefined;
}

/** What the broker takes from other features. */
export interface BrokerParts {
  readonly rootLosses: (argv: readonly string[], workspace: string) => RootLosses;
  /** As they are set in the folder of a configuration of the daemon, whose user is named too. */
  readonly readLevels: (configFile: string, daemonUid: number) => Promise<Readonly<Record<AgentName, Level>>>;
}

/** Does one thing as root for whoever is at the other end, and ends. */
export async function runBroker(start: BrokerStart, parts: BrokerParts): Promise<void> {
  const stopped = new AbortController();
  process.stdout.on("error", () => stopped.abort());
  process.once("SIGTERM", () => stopped.abort());
  try {
    const incoming = readRequest(process.stdin, () => stopped.abort());
    // Read only below: a failure before must not go unheard.
    incoming.catch(() => undefined);
    const peer = parsePeer(start.peer ?? "");
    if (!peer || !start.desk)
      throw new AppError("broker.refused", "The broker is started by systemd, for a known caller");
    await answer(incoming, { peer, deskPath: start.desk, signal: stopped.signal, ...parts });
  } catch (error) {
    const wire = toWireError(error);
    process.stderr.write(`${JSON.stringify({ level: "error", message: wire.message, details: wire.details })}\n`);
    sendReply({ type: "failed", error: wire, snapshot: null });
  }
  await new Promise((resolve) => process.stdout.write("", resolve));
  process.exit(0);
}

interface Meeting extends BrokerParts {
  readonly peer: Peer;
  readonly deskPath: string;
  readonly signal: AbortSignal;
}

async function answer(incoming: Promise<string>, meeting: Meeting): Promise<void> {
  const { peer, deskPath, signal, readLevels } = meeting;
  await refuseChangeable([process.execPath, process.argv[1] ?? "/", POLICY_FILE, CONFIG_FILE], 0);
  const desk = createDesk(deskPath);
  const passwd = await readFile("/etc/passwd", "utf8");
  const readOwn = async () => await readLevels(CONFIG_FILE, userIds(passwd, DAEMON_USER).uid);
  const caller = await withLevel(identify(peer.uid, passwd), readOwn);
  await handleRequest(await incoming, {
    peer,
    caller,
    tickets: desk,
    trail: openTrail(desk, (line) => process.stderr.write(line)),
    bench: await openBench(passwd, meeting),
    reply: sendReply,
    signal,
  });
}

async function openBench(
  passwd: string,
  { signal, rootLosses }: Pick<Meeting, "signal" | "rootLosses">,
): Promise<Workbench> {
  const stateFolder = process.env["STATE_DIRECTORY"];
  if (!stateFolder) throw new AppError("broker.refused", "The broker was given no folder of its own");
  const { units } = await readPolicy();
  return {
    programs: createPrograms(signal),
    snapshots: openSnapshots(path.join(stateFolder, "snapshots")),
    ownedCopies: openSnapshots(path.join(stateFolder, "owned-copies")),
    ownersOf: async (agent) => {
      const { uid, gid } = userIds(passwd, agentUser(agent));
      return { uid, gids: [gid, await groupId(TEAM_GROUP)] };
    },
    units: {
      read: [...UNITS_ANYWHERE.read, ...units.read],
      control: [...UNITS_ANYWHERE.control, ...units.control],
    },
    lossesOf: (argv) => rootLosses(argv, WORKSPACE),
    ownProgram: [process.execPath, process.argv[1] ?? ""],
    workFolder: path.join(stateFolder, "work"),
    composeFolder: path.join(stateFolder, "projects"),
    agentIds: async () => `${userIds(passwd, agentUser("infra")).uid}:${await groupId(TEAM_GROUP)}`,
    nginxFolder: "/etc/nginx",
    onOutput: (text) => sendReply({ type: "output", text }),
    onProgress: (text) => sendReply({ type: "progress", text }),
  };
}

/** What an administrator adds; usually nothing. */
async function readPolicy(): Promise<BrokerPolicy> {
  const text = await readFile(POLICY_FILE, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw error;
  });
  const policy = BrokerPolicy.safeParse(JSON.parse(text));
  if (policy.success) return policy.data;
  throw new AppError("broker.refused", `${POLICY_FILE} is no policy of the broker`, { details: policy.error.message });
}

function userIds(passwd: string, user: string): { readonly uid: number; readonly gid: number } {
  const lines = passwd.split("\n").map((line) => line.split(":"));
  const [, , uid, gid] = lines.find(([name]) => name === user) ?? [];
  if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  throw new AppError("broker.failed", `There is no user ${user}`);
}

function sendReply(reply: BrokerReply): void {
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
