import { expect, it } from "vitest";
import { GO_ON } from "../../../../contract/console-api.ts";
import { splitConversation, transcriptLines } from "../../../../server-agent/console/drivers/transcript.ts";

const place = { cwd: "/srv/own", session: "s1", model: "m" };
const user = (content: string) => ({ role: "user" as const, content });
const go = { type: "text", text: GO_ON };

it("asks with what people and hooks said since the last answer, and our own words last", () => {
  const before = [user("first"), { role: "assistant" as const, content: "done" }];
  expect(splitConversation([...before, user("/compact"), user("What hooks say")])).toEqual({
    told: before,
    prompt: [{ type: "text", text: "/compact" }, { type: "text", text: "What hooks say" }, go],
  });
});

it("tells results of calls, and asks to go on", () => {
  const call = { type: "tool_use" as const, id: "c1", name: "write_file", input: {} };
  const result = { type: "tool_result" as const, tool_use_id: "c1", content: "written" };
  const messages = [
    user("write"),
    { role: "assistant" as const, content: [call] },
    { role: "user" as const, content: [result] },
  ];
  expect(splitConversation(messages)).toEqual({ told: messages, prompt: [go] });
});

it("writes a chain of lines, with the names of tools that the program knows", () => {
  const search = { type: "server_tool_use" as const, id: "s", name: "web_search" as const, input: {} };
  const call = { type: "tool_use" as const, id: "c1", name: "write_file", input: { path: "a" } };
  const lines = transcriptLines([user("write"), { role: "assistant", content: [search, call] }], place);
  expect(lines).toMatchObject([
    { type: "user", parentUuid: null, sessionId: "s1", message: { content: [{ type: "text", text: "write" }] } },
    {
      type: "assistant",
      parentUuid: lines[0]?.["uuid"],
      message: { model: "m", content: [{ name: "mcp__team__write_file" }] },
    },
  ]);
});
