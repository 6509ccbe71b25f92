import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Level } from "../../../contract/agents.ts";
import { LEVEL_RULES, ToolName } from "../../../contract/permissions.ts";
import { answer } from "./judging.ts";

/** One call for each thing that levels differ in. */
const CALLS: readonly { readonly tool: ToolName; readonly about: string; readonly input: unknown }[] = [
  { tool: "read_file", about: "in the workspace", input: { path: "src/a.ts" } },
  { tool: "read_file", about: "/var/www", input: { path: "/var/www/index.html" } },
  { tool: "read_file", about: "/etc/nginx", input: { path: "/etc/nginx/nginx.conf" } },
  { tool: "read_file", about: "/etc/hosts", input: { path: "/etc/hosts" } },
  { tool: "read_file", about: "/etc/shadow", input: { path: "/etc/shadow" } },
  { tool: "read_file", about: "out by ..", input: { path: "../etc/shadow" } },
  { tool: "list_files", about: "the workspace", input: {} },
  { tool: "glob", about: "in the workspace", input: { pattern: "**/*.ts" } },
  { tool: "glob", about: "out by ..", input: { pattern: "../../**" } },
  { tool: "grep", about: "in the workspace", input: { pattern: "x" } },
  { tool: "search_memory", about: "", input: { query: "x" } },
  { tool: "ask_person", about: "", input: { action: "x" } },
  { tool: "ask_peer", about: "", input: { agent: "qa", question: "x" } },
  { tool: "submit_output", about: "", input: {} },
  { tool: "write_file", about: "in the workspace", input: { path: "src/a.ts", content: "" } },
  { tool: "write_file", about: "a hook of git", input: { path: ".git/hooks/pre-commit", content: "" } },
  { tool: "write_file", about: "/var/www", input: { path: "/var/www/index.html", content: "" } },
  { tool: "write_file", about: "a site of nginx", input: { path: "/etc/nginx/sites-available/a", content: "" } },
  { tool: "write_file", about: "the policy file", input: { path: "/etc/ai-infrastructure/policy.json", content: "" } },
  { tool: "edit_file", about: "in the workspace", input: { path: "src/a.ts", old: "a", new: "b" } },
  { tool: "run_command", about: "npm test", input: { command: "npm test" } },
  { tool: "run_command", about: "an unknown program", input: { command: "frobnicate" } },
  { tool: "run_command", about: "rm in /var/www", input: { command: "rm /var/www/a.html" } },
  { tool: "run_command", about: "systemctl stop", input: { command: "systemctl stop nginx" } },
  { tool: "run_command", about: "git push --force", input: { command: "git push --force origin main" } },
  { tool: "run_tests", about: "npm", input: { path: ".", runner: "npm", arguments: [] } },
  { tool: "git", about: "commit", input: { action: "commit", message: "x" } },
  { tool: "query_database", about: "select", input: { sql: "select * from users" } },
  { tool: "query_database", about: "insert", input: { sql: "insert into users values (1)", write: true } },
  { tool: "query_database", about: "drop", input: { sql: "drop table users", write: true } },
  { tool: "fetch_url", about: "on the list", input: { url: "https://registry.npmjs.org/zod" } },
  { tool: "fetch_url", about: "not on the list", input: { url: "https://example.com/" } },
  { tool: "fetch_url", about: "this server", input: { url: "https://127.0.0.1/" } },
  { tool: "web_search", about: "", input: { query: "x" } },
  { tool: "delegate", about: "", input: { agent: "qa", request: "x" } },
  { tool: "hand_off", about: "", input: { agent: "qa", request: "x" } },
  { tool: "broadcast", about: "", input: { text: "x" } },
  { tool: "run_algorithm", about: "", input: { request: "x", why: "y" } },
  { tool: "docker", about: "ps", input: { request: { action: "ps" } } },
  { tool: "docker", about: "run", input: { request: { action: "run", name: "web", container: { image: "nginx" } } } },
  { tool: "docker", about: "prune", input: { request: { action: "prune", what: "volumes" } } },
  { tool: "systemd", about: "status", input: { action: "status", unit: "nginx" } },
  { tool: "systemd", about: "restart", input: { action: "restart", unit: "nginx" } },
  { tool: "systemd", about: "stop", input: { action: "stop", unit: "nginx" } },
  { tool: "nginx", about: "reload", input: { request: { action: "reload" } } },
  { tool: "nginx", about: "write_site", input: { request: { action: "write_site", name: "a", text: "" } } },
  { tool: "packages", about: "install", input: { action: "install", names: ["htop"] } },
  { tool: "snapshots", about: "restore", input: { request: { action: "restore", id: "x" } } },
  { tool: "run_as_root", about: "id", input: { argv: ["id"], reason: "x" } },
];

/** `!` marks what is destructive, so that a snapshot is taken before. */
function matrix(): string {
  const lines = CALLS.map(({ tool, about, input }) => {
    const answers = Level.options.map(({ value }) => {
      const verdict = answer({ level: value, tool, input });
      return verdict.verdict === "ask" && verdict.destructive !== null ? "ask!" : verdict.verdict;
    });
    return [tool.padEnd(15), about.padEnd(19), ...answers.map((word) => word.padEnd(6))].join(" ").trimEnd();
  });
  const names = Level.options.map(({ value }) => String(value).padEnd(6));
  return [["tool".padEnd(15), "call".padEnd(19), ...names].join(" ").trimEnd(), ...lines, ""].join("\n");
}

test("gives every level exactly the answers that are written down", () => {
  expect(matrix()).toBe(readFileSync(new URL("permission-matrix.txt", import.meta.url), "utf8"));
});

test("has a line for every tool, and a tool for every name in the table", () => {
  expect(new Set(CALLS.map(({ tool }) => tool))).toEqual(new Set(ToolName.options));
  expect(new Set(Object.values(LEVEL_RULES).flatMap(({ tools }) => tools))).toEqual(new Set(ToolName.options));
});

test("never allows a lower level what a higher one must ask for", () => {
  const rank = { allow: 0, ask: 1, deny: 2 };
  const rising = CALLS.filter(({ tool, input }) => {
    const ranks = Level.options.map(({ value }) => rank[answer({ level: value, tool, input }).verdict]);
    return ranks.some((one, at) => at > 0 && one > (ranks[at - 1] ?? one));
  });
  expect(rising).toEqual([]);
});
