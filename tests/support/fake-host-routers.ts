import { Choices } from "../../contract/provision.ts";
import { implement, ORPCError } from "@orpc/server";
import { DaemonApi } from "../../contract/daemon-api.ts";
import { HostApi } from "../../contract/host-api.ts";
import type { Connection, Server } from "../../contract/servers.ts";
import type { Task } from "../../contract/tasks.ts";
import { auditOfDaemon, auditOfHost } from "./fake-host-audit.ts";
import { agentsHandlers } from "./fake-host-agents.ts";
import { OVERVIEW } from "./fake-host-overview.ts";
import { healthHandlers } from "./fake-host-health.ts";
import { never, refuse } from "./fake-host-answers.ts";
import { snapshotsOfDaemon } from "./fake-host-snapshots.ts";
import type { World } from "./fake-host-world.ts";

export function hostRouter(world: World) {
  const host = implement(HostApi);
  const { state, scene } = world;
  const put = (id: string, connection: Connection) =>
    world.setServers(state.servers.map((view) => (view.server.id === id ? { ...view, connection } : view)));
  const online = (): Connection => ({
    state: "online",
    since: new Date().toISOString(),
    latencyMs: 12,
    silentSince: null,
  });
  return host.router({
    app: {
      info: host.app.info.handler(() => ({ version: "0.1.0", shell: "browser", platform: "linux", keychain: true })),
    },
    attention: {
      seen: host.attention.seen.handler(({ input }) => void world.state.seen.set(input.serverId, input.ids)),
      opened: host.attention.opened.handler(({ signal }) => world.openedFeed.follow([], signal)),
    },
    audit: auditOfHost(world),
    local: {
      start: host.local.start.handler(({ input }) => {
        const server: Server = { id: "local", name: "This computer", place: { kind: "local" }, provisioned: null };
        world.setServers([...state.servers, { server, connection: online() }]);
        return { state: "running", since: new Date().toISOString(), model: input.model ?? "simulated" };
      }),
      stop: host.local.stop.handler(() => ({ state: "stopped" })),
      status: host.local.status.handler(() => ({ state: "starting", doing: "Preparing the database" })),
      setModelKey: host.local.setModelKey.handler(() => {}),
      setWebSearch: host.local.setWebSearch.handler(() => {}),
    },
    servers: {
      list: host.servers.list.handler(() => state.servers),
      watch: host.servers.watch.handler(({ signal }) => world.serverFeed.follow([state.servers], signal)),
      add: host.servers.add.handler(({ input }) => {
        const { address, auth, jump } = input;
        const place = { kind: "ssh", address, auth, hostKey: null, jump: jump && { ...jump, hostKey: null } } as const;
        const server: Server = { id: "added", name: input.name ?? input.address.host, place, provisioned: null };
        world.setServers([...state.servers, { server, connection: { state: "offline" } }]);
        return server;
      }),
      rename: host.servers.rename.handler(() => {
        throw refuse("app.not_found", "Renaming is not part of this scenario");
      }),
      changeLogin: host.servers.changeLogin.handler(() => {
        throw refuse("app.not_found", "Changing the login is not part of this scenario");
      }),
      remove: host.servers.remove.handler(({ input }) =>
        world.setServers(state.servers.filter((view) => view.server.id !== input.id)),
      ),
      connect: host.servers.connect.handler(({ input }) => put(input.id, online())),
      disconnect: host.servers.disconnect.handler(({ input }) => put(input.id, { state: "offline" })),
      answer: host.servers.answer.handler(({ input }) => put(input.id, online())),
      replaceHostKey: host.servers.replaceHostKey.handler(() => {}),
      sshConfigHosts: host.servers.sshConfigHosts.handler(() => [...(scene.configHosts ?? [])]),
      keyFiles: host.servers.keyFiles.handler(() => [...(scene.keyFiles ?? [])]),
    },
    provision: {
      plan: host.provision.plan.handler(({ input, signal }) => {
        if (scene.planError) throw new ORPCError("APP_ERROR", { defined: true, data: scene.planError });
        if (!scene.plan) return never(signal);
        return { ...scene.plan, choices: Choices.parse({ ...scene.plan.choices, ...input.wishes }) };
      }),
      overview: host.provision.overview.handler(({ signal }) => {
        if (scene.overviewError) throw new ORPCError("APP_ERROR", { defined: true, data: scene.overviewError });
        return scene.overviewSilent ? never(signal) : (scene.overview ?? OVERVIEW);
      }),
      apply: host.provision.apply.handler(({ input }) => {
        state.wished = input.wishes;
        state.run.length = 0;
        if (scene.plan) world.runEvent({ type: "planned", plan: scene.plan });
      }),
      remove: host.provision.remove.handler(() => {}),
      follow: host.provision.follow.handler(async function* ({ input, signal }) {
        if (state.run.length === 0) return;
        const before = state.run.filter((event) => event.seq > input.after);
        for await (const event of world.runFeed.follow(before, signal)) {
          yield event;
          if (event.type === "ended") return;
        }
      }),
      cancel: host.provision.cancel.handler(() => {}),
      setModelKey: host.provision.setModelKey.handler(() => {}),
      setWebSearch: host.provision.setWebSearch.handler(() => {}),
      setSudoPassword: host.provision.setSudoPassword.handler(() => {}),
    },
  });
}

export function daemonRouter(world: World) {
  const daemon = implement(DaemonApi);
  const { state, scene } = world;
  return daemon.router({
    agents: agentsHandlers(world),
    health: healthHandlers(world),
    approvals: {
      list: daemon.approvals.list.handler(() => [...state.approvals.values()]),
      answer: daemon.approvals.answer.handler(({ input }) => {
        const approval = state.approvals.get(input.id);
        if (!approval) throw refuse("app.not_found", `There is no question ${input.id}`);
        const answered = {
          ...approval,
          state: input.allow ? ("allowed" as const) : ("denied" as const),
          answeredAt: new Date().toISOString(),
        };
        world.store({ type: "approval_changed", approval: answered });
        return answered;
      }),
    },
    grants: {
      list: daemon.grants.list.handler(() => [...state.grants]),
      give: daemon.grants.give.handler(({ input: { id, agent, covers, minutes } }) => {
        const until = new Date(Date.now() + minutes * 60_000).toISOString();
        const grant = { id, agent, covers, until, givenBy: "a person" };
        state.grants.push(grant);
        return grant;
      }),
      revoke: daemon.grants.revoke.handler(({ input }) => {
        state.grants = state.grants.filter(({ id }) => id !== input.id);
      }),
    },
    audit: auditOfDaemon(world),
    snapshots: snapshotsOfDaemon(world),
    chat: {
      send: daemon.chat.send.handler(({ input }) => {
        state.sent.push(input);
        const message = personMessage(input.id, input.text);
        if (!state.messages.some((known) => known.id === input.id)) world.store({ type: "message_added", message });
        return { taskId: `task-${input.id}`, seq: state.seq };
      }),
      history: daemon.chat.history.handler(({ input, signal }) => {
        if (scene.daemonSilent) return never(signal);
        const end = input.before ? state.messages.findIndex((message) => message.id === input.before) : undefined;
        const older = state.messages.slice(0, end);
        return {
          messages: older.slice(-input.limit),
          calls: [...state.calls.values()],
          tasks: [...state.tasks.values()],
          approvals: [...state.approvals.values()],
          runs: [...state.runs.values()],
          hasMore: older.length > input.limit,
          seq: state.seq,
        };
      }),
    },
    events: {
      follow: daemon.events.follow.handler(({ input, signal }) => {
        const missed = state.stored.filter((event) => "seq" in event && event.seq > input.after);
        return world.eventFeed.follow([...missed, { type: "caught_up", seq: state.seq }], signal);
      }),
    },
    spend: {
      summary: daemon.spend.summary.handler(() => state.spend),
      budgets: {
        get: daemon.spend.budgets.get.handler(() => state.spend.budgets),
        set: daemon.spend.budgets.set.handler(({ input }) => world.setBudget(input)),
      },
      retry: daemon.spend.retry.handler(() => ({ tasks: 0 })),
    },
    status: {
      get: daemon.status.get.handler(({ signal }) =>
        scene.status ? { ...scene.status, agents: state.agents } : never(signal),
      ),
    },
    tasks: {
      list: daemon.tasks.list.handler(() => [...state.tasks.values()].toReversed()),
      show: daemon.tasks.show.handler(({ input }) => {
        const task = state.tasks.get(input.id);
        if (!task) throw refuse("app.not_found", `There is no task ${input.id}`);
        const children = [...state.tasks.values()].filter((other) => other.parentId === task.id);
        const calls = [...state.calls.values()].filter((call) => call.taskId === task.id);
        return { task, children, calls, run: state.runs.get(task.id) ?? null };
      }),
      cancel: daemon.tasks.cancel.handler(({ input }) => {
        const task = state.tasks.get(input.id);
        if (!task) throw refuse("app.not_found", `There is no task ${input.id}`);
        const cancelled = { ...task, state: "cancelled" as const, endedAt: new Date().toISOString() };
        world.store({ type: "task_changed", task: cancelled });
        return cancelled;
      }),
      pause: daemon.tasks.pause.handler(({ input }) => moveTask(world, input.id, "paused")),
      resume: daemon.tasks.resume.handler(({ input }) => moveTask(world, input.id, "running")),
      prioritize: daemon.tasks.prioritize.handler(({ input }) => moveTask(world, input.id, "queued")),
      steer: daemon.tasks.steer.handler(({ input }) => {
        state.sent.push(input);
        return { taskId: input.taskId };
      }),
    },
    teamMessages: {
      list: daemon.teamMessages.list.handler(() => [...(scene.teamMessages ?? [])]),
    },
  });
}

function moveTask(world: World, id: string, to: Task["state"]): Task {
  const task = world.state.tasks.get(id);
  if (!task) throw refuse("app.not_found", `There is no task ${id}`);
  const moved = { ...task, state: to };
  world.store({ type: "task_changed", task: moved });
  return moved;
}

function personMessage(id: string, text: string) {
  const at = new Date().toISOString();
  return { id, conversationId: "main", taskId: null, role: "person" as const, agent: null, text, simulated: false, at };
}
