import type { BrokerPolicy } from "../../contract/broker-policy.ts";
import type { SystemdInput } from "../../contract/broker.ts";
import { AppError } from "../../contract/errors.ts";
import type { Family, Restore, Workbench } from "./family.ts";

type Bench = Pick<Workbench, "programs" | "units" | "onOutput">;

export function systemdFamily(bench: Bench): Family<SystemdInput> {
  return {
    async check({ action, unit }) {
      await Promise.resolve();
      const name = unitName(unit);
      const { read, control } = bench.units;
      const patterns = action === "status" ? [...read, ...control] : control;
      if (!patterns.some((pattern) => matchesUnit(pattern, name))) throw refusedUnit(name, action, bench.units);
    },
    async keep({ unit }) {
      return { kind: "unit", unit: unitName(unit), ...(await readUnit(bench, unitName(unit))) };
    },
    act: async ({ action, unit }) => await actOn(bench, action, unitName(unit)),
  };
}

export function restoreUnit({ programs }: Bench): Restore<"unit"> {
  return async ({ unit, isActive, isEnabled }) => {
    await programs.asService(["systemctl", isEnabled ? "enable" : "disable", "--", unit]);
    await programs.run(["systemctl", isActive ? "start" : "stop", "--", unit]);
    return `${unit} is ${isActive ? "running" : "stopped"} and ${isEnabled ? "enabled" : "disabled"} again`;
  };
}

/** A name without a kind is a service. */
export function unitName(unit: string): string {
  return /\.(?:service|timer|socket|target|mount|path|slice|scope|automount|swap|device)$/.test(unit)
    ? unit
    : `${unit}.service`;
}

export function matchesUnit(pattern: string, name: string): boolean {
  const text = pattern.split("*").map((part) => part.replace(/[.@+]/g, "\\$&"));
  return new RegExp(`^${text.join(".*")}$`).test(name);
}

async function actOn(bench: Bench, action: SystemdInput["action"], unit: string): Promise<string> {
  const { programs, onOutput } = bench;
  switch (action) {
    case "status": {
      const state = await programs.ask(["systemctl", "show", "--property=ActiveState", "--value", "--", unit]);
      // A stopped or unknown unit is an answer, not a failure: systemctl status ends with 3 or 4 for it.
      await programs
        .run(["systemctl", "status", "--no-pager", "--full", "--lines=10", "--", unit], { onOutput })
        .catch((error: unknown) => {
          if (!(error instanceof AppError) || error.code !== "broker.failed") throw error;
        });
      return `${unit} is ${state ?? "unknown"}`;
    }
    case "enable":
    case "disable":
      // A unit that Debian also has as an old start script changes links in /etc, which the broker itself may not.
      await programs.asService(["systemctl", action, "--", unit], { onOutput });
      return `${unit} is ${action}d`;
    case "start":
    case "stop":
    case "restart":
    case "reload": {
      await programs.run(["systemctl", action, "--", unit], { onOutput });
      const { isActive } = await readUnit(bench, unit);
      return `systemctl ${action} ${unit} is done; it is ${isActive ? "running" : "stopped"}`;
    }
  }
}

async function readUnit({ programs }: Bench, unit: string): Promise<{ isActive: boolean; isEnabled: boolean }> {
  const shown = await programs.ask(["systemctl", "show", "--property=ActiveState,UnitFileState", "--", unit]);
  return {
    isActive: /^ActiveState=(?:active|activating|reloading)$/m.test(shown ?? ""),
    isEnabled: /^UnitFileState=enabled$/m.test(shown ?? ""),
  };
}

function refusedUnit(unit: string, action: string, units: BrokerPolicy["units"]): AppError {
  const allowed = action === "status" ? [...units.read, ...units.control] : units.control;
  return new AppError("broker.refused", `Agents may not ${action} ${unit}`, {
    hint: `They may ${action} ${allowed.join(", ")}. An administrator can add others in /etc/ai-infrastructure/broker.json.`,
  });
}
