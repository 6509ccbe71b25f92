import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createWorkspaceFiles } from "../../server-agent/agents/workspace-files.ts";
import type { HookEvent } from "../../server-agent/hooks/hook-input.ts";
import type { HookOutcome } from "../../server-agent/hooks/merge-results.ts";
import { openHooks } from "../../server-agent/hooks/open-hooks.ts";
import { createBubblewrap } from "../../server-agent/sandbox/bubblewrap.ts";

/** A workspace, a folder of the operator that agents cannot write, and an agent's own folder. */
export interface HookWorld {
  readonly workspace: string;
  readonly operatorFile: string;
  readonly home: string;
  /** Makes a bash script outside the workspace and gives its path. */
  script(name: string, text: string): string;
  settings(hooks: unknown, more?: Readonly<Record<string, unknown>>): void;
  workspaceSettings(hooks: unknown): void;
  run(event: HookEvent, signal?: AbortSignal): Promise<HookOutcome>;
  remove(): void;
}

export function createHookWorld(messages: readonly unknown[] = []): HookWorld {
  const folder = mkdtempSync(path.join(tmpdir(), "hooks-"));
  const [workspace, operator, home] = ["workspace", "operator", "home"].map((name) => {
    mkdirSync(path.join(folder, name));
    return path.join(folder, name);
  }) as [string, string, string];
  const operatorFile = path.join(operator, "hooks.json");
  return {
    workspace,
    operatorFile,
    home,
    script(name, text) {
      const file = path.join(operator, name);
      writeFileSync(file, `#!/bin/bash\n${text}\n`);
      chmodSync(file, 0o755);
      return file;
    },
    settings: (hooks, more = {}) => writeFileSync(operatorFile, JSON.stringify({ hooks, ...more })),
    workspaceSettings(hooks) {
      mkdirSync(path.join(workspace, ".claude"), { recursive: true });
      writeFileSync(path.join(workspace, ".claude", "settings.json"), JSON.stringify({ hooks }));
    },
    async run(event, signal = new AbortController().signal) {
      const place = { agent: "code", session: "main-code", turn: "task-1.1", workspace, home, operatorFile } as const;
      const files = createWorkspaceFiles(workspace);
      const hooks = await openHooks({
        ...place,
        sandbox: createBubblewrap(workspace),
        files,
        messages: () => messages,
      });
      return await hooks.run(event, signal);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

export function command(text: string, more: Readonly<Record<string, unknown>> = {}) {
  return [{ hooks: [{ type: "command", command: text, ...more }] }];
}

export const BASH_LS: HookEvent = {
  hook_event_name: "PreToolUse",
  tool_name: "Bash",
  tool_input: { command: "ls" },
  tool_use_id: "toolu_1",
};

export const STOP: HookEvent = { hook_event_name: "Stop", stop_hook_active: false, last_assistant_message: "Done." };
