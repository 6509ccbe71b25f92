import type { CallRecord } from "../../contract/console-api.ts";
import { durationText } from "../../contract/duration-text.ts";
import type { AgentWindow } from "./agent-window.ts";
import { QUIET } from "./flow.ts";
import { plainText } from "./plain-text.ts";
import type { TextEmitter } from "./text-emitter.ts";
import type { TurnView } from "./turn-view.ts";

const MAX_SHOWN_OUTPUT = 20_000;

/** Shows a turn at the window and sends the same text to the chat. */
export function createWindowView(window: AgentWindow, emitter: TextEmitter): TurnView {
  const { screen } = window;
  let shownOutput = 0;
  let style = "";
  const activity = (text: string): void => {
    emitter.activity(text);
    window.setActivity(text);
  };
  return {
    textStarted(part) {
      screen.freshLine();
      emitter.start(part);
      style = part.kind === "thought" ? QUIET : "";
      activity(part.kind === "thought" ? "Thinking" : "Writing an answer");
    },
    text(delta) {
      emitter.add(delta);
      screen.print(plainText(delta), style);
    },
    textEnded: () => screen.freshLine(),
    callStarted(call) {
      shownOutput = 0;
      activity(activityOf(call));
    },
    callOutput(text) {
      const shown = plainText(text).slice(0, Math.max(0, MAX_SHOWN_OUTPUT - shownOutput));
      shownOutput += shown.length;
      screen.print(shown, QUIET);
    },
    callEnded(call) {
      screen.freshLine();
      const verb = (VERBS[call.tool] ?? call.tool).padEnd(8);
      const summary = plainText(call.summary).padEnd(28);
      screen.print(`${MARKS[call.state]} ${verb} ${summary} ${durationText(call.ms)}\n`, STYLES[call.state]);
    },
    note: (text) => window.note(text),
  };
}

const VERBS: Readonly<Record<string, string>> = {
  read_file: "read",
  write_file: "write",
  list_files: "list",
  edit_file: "edit",
  glob: "find",
  grep: "search",
  run_command: "run",
  run_tests: "test",
  query_database: "query",
  fetch_url: "fetch",
  web_search: "search",
  delegate: "delegate",
  ask_person: "ask",
};

const ACTIVITIES: Readonly<Record<string, string>> = {
  read_file: "Reading",
  write_file: "Writing",
  list_files: "Listing",
  edit_file: "Changing",
  glob: "Looking for",
  grep: "Searching for",
  run_command: "Running",
  run_tests: "Testing",
  git: "Running git",
  query_database: "Querying",
  fetch_url: "Fetching",
  web_search: "Searching the web for",
  delegate: "Waiting for",
  ask_person: "Asking to",
};

const MARKS: Readonly<Record<CallRecord["state"], string>> = { running: "…", done: "✓", failed: "✗", unknown: "?" };
const STYLES: Readonly<Record<CallRecord["state"], string>> = {
  running: QUIET,
  done: "32",
  failed: "31",
  unknown: "33",
};

function activityOf({ tool, summary }: Pick<CallRecord, "tool" | "summary">): string {
  const text = `${ACTIVITIES[tool] ?? tool} ${summary}`;
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
