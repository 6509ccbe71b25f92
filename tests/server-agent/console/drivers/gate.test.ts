import { describe, expect, it } from "vitest";
import type { AgentTool } from "../../../../server-agent/agents/agent-tool.ts";
import { openCallDesk } from "../../../../server-agent/console/drivers/call-desk.ts";
import type { DriverParts } from "../../../../server-agent/console/drivers/driver.ts";
import { createSessionEnd } from "../../../../server-agent/console/drivers/session-end.ts";
import { verdictOf } from "../../../../server-agent/console/drivers/session-options.ts";

const verdict = (gate: Parameters<typeof verdictOf>[0], call: unknown): unknown => {
  const { hookSpecificOutput } = verdictOf(gate, call) as { hookSpecificOutput: { permissionDecision: string } };
  return hookSpecificOutput.permissionDecision;
};
const call = (tool_name: unknown, tool_use_id: unknown = "c1") => ({ tool_name, tool_use_id, tool_input: {} });
const yes = () => null;

describe("the hook before each call", () => {
  it("lets in the team's tools", () => {
    expect(verdict(yes, call("mcp__team__read_file"))).toBe("allow");
  });

  it.each([
    ["a tool of the program", call("Bash")],
    ["a tool of another server", call("mcp__other__read_file")],
    ["a name that only looks like ours", call("xmcp__team__read_file")],
    ["a call without an id", call("mcp__team__read_file", "")],
    ["a call without a name", call(undefined)],
    ["nothing at all", undefined],
    ["a text", "mcp__team__read_file"],
  ])("denies %s", (_, asked) => {
    expect(verdict(yes, asked)).toBe("deny");
  });

  it("denies what the team refuses, with the reason", () => {
    expect(verdictOf(() => "no such tool", call("mcp__team__x"))).toMatchObject({
      hookSpecificOutput: { permissionDecision: "deny", permissionDecisionReason: "no such tool" },
    });
  });

  it("denies when it cannot judge: a hook that throws would let the call run", () => {
    const broken = (): never => {
      throw new Error("broken");
    };
    expect(verdict(broken, call("mcp__team__read_file"))).toBe("deny");
  });
});

describe("the desk for calls", () => {
  const desk = () => {
    const end = createSessionEnd();
    const tool = { name: "read_file" } as AgentTool;
    const driver = { tools: [tool] } as unknown as DriverParts;
    const pause = async (): Promise<void> => await Promise.resolve(end.pause());
    return { end, desk: openCallDesk({ driver, end, mustPause: () => false, pause }) };
  };

  it("runs nothing that the hook did not let in, by this very name", async () => {
    const { desk: open } = desk();
    const refused = { output: "This call was not let in.", failed: true };
    expect(await open.run({ id: "c1", name: "read_file", input: {} })).toEqual(refused);
    expect(open.admit({ id: "c1", name: "read_file" })).toBeNull();
    expect(await open.run({ id: "c1", name: "write_file", input: {} })).toEqual(refused);
    expect(await open.run({ id: "c2", name: "read_file", input: {} })).toEqual(refused);
  });

  it("lets in no tool that the turn does not have, and nothing after the end", () => {
    const { desk: open, end } = desk();
    expect(open.admit({ id: "c1", name: "run_as_root" })).toBe("There is no tool run_as_root");
    end.pause();
    expect(open.admit({ id: "c1", name: "read_file" })).toBe("The turn has stopped here");
  });

  it("runs nothing of an answer that was never journalled", async () => {
    const { desk: open, end } = desk();
    open.admit({ id: "c1", name: "read_file" });
    let isAnswered = false;
    void open.run({ id: "c1", name: "read_file", input: {} }).then(() => (isAnswered = true));
    end.fail(new Error("cut"));
    await open.idle();
    expect(isAnswered).toBe(false);
    expect(() => end.throwIfFailed()).toThrow("cut");
  });
});
