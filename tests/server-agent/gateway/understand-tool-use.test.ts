import { describe, expect, it } from "vitest";
import { planReply } from "../../../server-agent/gateway/plan-reply.ts";
import { specialistFor, understandRequest } from "../../../server-agent/gateway/understand-request.ts";

describe("plain requests for tools", () => {
  it.each([
    ['edit a.txt replace "one" with "two"', "code", "edit_file", { path: "a.txt", old: "one", new: "two" }],
    [
      'replace `a b` by "" everywhere in src/a.ts',
      "code",
      "edit_file",
      { path: "src/a.ts", old: "a b", new: "", replace_all: true },
    ],
    ["find files matching *.ts in src", "research", "glob", { pattern: "*.ts", path: "src" }],
    ['find all files named "a b.md".', "research", "glob", { pattern: "a b.md" }],
    ['search for "let x"', "research", "grep", { pattern: "let x", literal: true }],
    ["please search for TODO in the src", "research", "grep", { pattern: "TODO", literal: true, path: "src" }],
    ["search the web for tmux hooks", "research", "web_search", { query: "tmux hooks" }],
    ["git status", "code", "git", { action: "status" }],
    ['commit everything as "First, then second"', "code", "git", { action: "commit", message: "First, then second" }],
    ['query "select 1"', "data", "query_database", { sql: "select 1" }],
    ['change the database "delete from t"', "data", "query_database", { sql: "delete from t", write: true }],
    ["query the database: select a, b from t", "data", "query_database", { sql: "select a, b from t" }],
    ["fetch https://example.com/a?b=c", "research", "fetch_url", { url: "https://example.com/a?b=c" }],
    ["run the tests in app", "qa", "run_tests", { path: "app" }],
    ["run tests", "qa", "run_tests", {}],
  ])("%s: %s uses %s", (request, ...expected) => {
    const [agent, tool, input] = expected;
    const [step, ...others] = understandRequest(request);
    expect(others).toEqual([]);
    expect(step).toMatchObject({ kind: "use", use: { tool, input } });
    expect(step && specialistFor(step)).toBe(agent);
  });

  it.each(["run git status", "run npm test", "write find.txt with find files matching x", "read search.md"])(
    "%s is what it was before",
    (request) => expect(understandRequest(request)[0]?.kind).not.toBe("use"),
  );

  it("knows the file that was changed", () => {
    const steps = understandRequest('edit a.txt replace "x" with "y", then show it');
    expect(steps[1]).toMatchObject({ kind: "read", path: "a.txt" });
  });

  it("stops at a tool the agent does not have, and says so", () => {
    const request = "git status, then write a.txt with hi";
    const reply = planReply({ agent: "qa", request, results: [], tools: ["write_file"] });
    expect(reply).toEqual([{ type: "text", text: "I have no tool `git`, so I stop here." }]);
  });
});

describe("plain requests for small programs", () => {
  it.each([
    ["write hello.py that prints hello, then run it", 'print("hello")\n', "python3 hello.py"],
    [
      'create "my hello.sh" that prints "it\'s me", then run the script',
      "printf '%s\\n' 'it'\\''s me'\n",
      "bash 'my hello.sh'",
    ],
    ["make a new file src/a.mjs to print 1 then execute it.", 'console.log("1");\n', "node src/a.mjs"],
  ])("%s", (request, text, command) => {
    const [write, run] = understandRequest(request);
    expect(write).toMatchObject({ kind: "write", text });
    expect(run).toMatchObject({ kind: "run", command });
  });

  it("writes and runs nothing in a language that it does not know", () => {
    expect(understandRequest("write hello.rs that prints hello")).toMatchObject([{ kind: "unknown" }]);
    expect(understandRequest("run it")).toMatchObject([{ kind: "unknown" }]);
    expect(understandRequest("write notes.txt with hi, then run it")[1]).toMatchObject({ kind: "unknown" });
  });

  it("does nothing that comes after what it did not understand", () => {
    const steps = understandRequest("write a.txt with hi, then make it shine, then run rm a.txt");
    expect(steps.map(({ kind }) => kind)).toEqual(["write", "unknown"]);
  });
});
