import type { AgentToolName } from "../../../contract/agent-settings.ts";

/** Each tool in a few words, in the order it is offered. */
export const TOOL_WORDS: Readonly<Record<AgentToolName, string>> = {
  read_file: "Reads files",
  list_files: "Lists folders",
  glob: "Finds files by name",
  grep: "Searches in files",
  search_memory: "Searches what the team learned",
  write_file: "Writes files",
  edit_file: "Changes parts of files",
  run_command: "Runs commands in the sandbox, without network",
  run_tests: "Runs a project's tests",
  git: "Commits, branches and worktrees; no network",
  query_database: "Queries the database of the workspace",
  fetch_url: "Fetches pages over https",
  web_search: "Searches the web",
  delegate: "Gives work to a specialist and waits",
  run_algorithm: "Plans, lets others work, has it verified",
  ask_peer: "Asks another agent",
  hand_off: "Hands its task on",
  broadcast: "Tells everyone",
  ask_person: "Asks a person first",
  systemd: "Services, as root",
  nginx: "The web server, as root",
  docker: "Containers, as root",
  packages: "Packages, as root",
  snapshots: "Brings back what was destroyed",
  run_as_root: "Any program as root, asked each time",
};
export const TOOLS = Object.keys(TOOL_WORDS) as readonly AgentToolName[];
