import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { AgentName } from "../contract/agents.ts";
import type { DaemonConfig } from "../contract/daemon-config.ts";
import { AppError, toWireError } from "../contract/errors.ts";
import type { Levels } from "./agent-settings/read-levels.ts";

const USAGE =
  "serve | agent NAME | answers NAME | team | health | start-held, with --config FILE; hook NAME; version; broker, by systemd; root-copies, by the broker";
const OPTIONS = { config: { type: "string" }, peer: { type: "string" }, desk: { type: "string" } } as const;

/** Each role loads only its own code: a console must not carry the daemon's libraries. */
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: OPTIONS });
  const [role, name, folder] = positionals;
  switch (role) {
    case "serve": {
      const { serve } = await import("./daemon.ts");
      return await serve(await readConfig(values.config));
    }
    case "agent": {
      const { runConsole } = await import("./console/run-console.ts");
      return await runConsole(readAgentName(name), await readConfig(values.config));
    }
    case "answers": {
      const { runAnswers } = await import("./answers/run-answers.ts");
      return await runAnswers(readAgentName(name), await readConfig(values.config));
    }
    case "team": {
      const { startTeam } = await import("./team/start-team.ts");
      return await startTeam(await readConfig(values.config));
    }
    case "health": {
      const { printHealth } = await import("./status/print-health.ts");
      process.exitCode = await printHealth(await readConfig(values.config));
      return;
    }
    case "start-held": {
      const { startHeld } = await import("./health/start-held.ts");
      return await startHeld(await readConfig(values.config));
    }
    case "hook": {
      const { runAsProgram } = await import("../pai/hooks/run-as-program.ts");
      return await runAsProgram(name);
    }
    case "broker": {
      const { runBroker } = await import("./broker/run-broker.ts");
      const { rootLosses } = await import("./policy/root-losses.ts");
      return await runBroker({ peer: values.peer, desk: values.desk }, { rootLosses, readLevels });
    }
    case "root-copies": {
      const { runRootCopies } = await import("./broker/run-root-copies.ts");
      return await runRootCopies(name, folder);
    }
    case "version":
      process.stdout.write(`${process.env["AI_INFRA_VERSION"] ?? "development"}\n`);
      return;
    case undefined:
    default:
      throw new AppError("app.bad_input", `Unknown role ${role ?? "(none)"}`, { hint: `Roles: ${USAGE}` });
  }
}

/** For the broker, which is another user than the daemon. */
async function readLevels(configFile: string, daemonUid: number): Promise<Levels> {
  const { agentsFolder } = await import("../contract/daemon-config.ts");
  const levels = await import("./agent-settings/read-levels.ts");
  const { mode, ...config } = await readConfig(configFile);
  return await levels.readLevels({ folder: agentsFolder({ mode, ...config }), mode, daemonUid });
}

async function readConfig(file: string | undefined): Promise<DaemonConfig> {
  if (!file) throw new AppError("app.bad_input", "No configuration was named", { hint: "Add --config FILE." });
  const { DaemonConfig } = await import("../contract/daemon-config.ts");
  const config = DaemonConfig.safeParse(JSON.parse(await readFile(file, "utf8")));
  if (config.success) return config.data;
  throw new AppError("app.bad_input", `${file} is not a configuration of the daemon`, {
    details: config.error.message,
  });
}

function readAgentName(name: string | undefined): AgentName {
  const agent = AgentName.safeParse(name);
  if (agent.success) return agent.data;
  throw new AppError("app.bad_input", `There is no agent ${name ?? "(none)"}`, {
    hint: `Agents: ${AgentName.options.join(", ")}`,
  });
}

main().catch((error: unknown) => {
  const { code, message, hint, details } = toWireError(error);
  process.stderr.write(`${[`${code}: ${message}`, hint, details].filter(Boolean).join("\n")}\n`);
  if (code === "app.internal" && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
