import type { Plan, PlannedStep } from "../../contract/provision.ts";

function step(id: string, part: Partial<PlannedStep>): PlannedStep {
  return { id, title: id, area: "system", reason: "", state: "needed", changes: [], ...part };
}

export const PLAN: Plan = {
  serverId: "s1",
  facts: {
    system: "Debian GNU/Linux 12 (bookworm)",
    architecture: "x64",
    kernel: "6.1.0-37-amd64",
    cores: 2,
    memoryMb: 3911,
    freeDiskMb: 35_226,
    user: "root",
    root: "login",
  },
  choices: { docker: true, rebootAt: "never" },
  steps: [
    step("packages", {
      title: "Base packages",
      reason: "The team's tools come from the system's own mirror.",
      changes: ["apt-get install bubblewrap git htop ripgrep tmux"],
    }),
    step("users", {
      title: "Users and folders",
      reason: "Each agent is a user of its own, so the system keeps them apart.",
      changes: [
        "create user ai-infra",
        "create user ai-supervisor",
        "create folder /workspace (ai-infra:ai-team 2775)",
      ],
    }),
    step("postgres", {
      title: "PostgreSQL",
      area: "data",
      reason: "Conversations, tasks and the journal of every tool call live here.",
      changes: ["apt-get install postgresql", "create role ai-infra", "create database ai_infrastructure"],
    }),
    step("redis", {
      title: "Redis",
      area: "data",
      reason: "Carries what happens live.",
      changes: ["apt-get install redis-server", "write /etc/redis/redis.conf.d/ai-infrastructure.conf"],
    }),
    step("node", { title: "Node 24", area: "runtime", reason: "Runs the daemon and the agents.", state: "satisfied" }),
    step("daemon", {
      title: "Daemon",
      area: "runtime",
      reason: "Takes requests, keeps the work going, and answers this app.",
      changes: ["upload daemon.mjs (6.2 MB)"],
    }),
    step("units", {
      title: "Services",
      area: "team",
      reason: "systemd starts the team with the server.",
      changes: ["write /etc/systemd/system/ai-infrastructure.service"],
    }),
    step("health", {
      title: "Health check",
      area: "team",
      reason: "Proves that the team answers.",
      changes: ["ask the daemon how it is"],
    }),
  ],
  blockers: [],
};
