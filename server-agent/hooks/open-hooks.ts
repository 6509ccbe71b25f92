import path from "node:path";
import type { AgentName } from "../../contract/agents.ts";
import type { WorkspaceFiles } from "../agents/workspace-files.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { createHooks, type Hooks } from "./create-hooks.ts";
import { readHookSettings } from "./read-settings.ts";
import { createTranscript } from "./transcript.ts";

export interface SessionPlace {
  readonly agent: AgentName;
  readonly session: string;
  readonly turn: string;
  readonly workspace: string;
  /** The agent's own folder: its memory and transcripts. Sandboxed commands do not see it. */
  readonly home: string;
  readonly operatorFile: string | undefined;
  readonly sandbox: Sandbox;
  readonly files: Pick<WorkspaceFiles, "read">;
  readonly messages: () => readonly unknown[];
}

/** Settings are read anew each time, so that a change counts from the next turn on. */
export async function openHooks(place: SessionPlace): Promise<Hooks> {
  const { agent, session, workspace, home, sandbox } = place;
  const settings = await readHookSettings(place);
  return createHooks(settings, {
    place: { agent, projectDir: workspace, paiDir: home },
    home,
    sandbox,
    session,
    transcript: createTranscript({ folder: path.join(home, "transcripts"), ...place }),
  });
}
