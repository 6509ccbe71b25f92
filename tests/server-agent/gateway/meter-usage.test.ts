import { expect, it } from "vitest";
import { meterUsage } from "../../../server-agent/gateway/meter-usage.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const event = (value: object): string => `event: x\ndata: ${JSON.stringify(value)}\n\n`;
const START = {
  type: "message_start",
  message: { model: "m", usage: { input_tokens: 7, output_tokens: 1, cache_read_input_tokens: 90 } },
};

it("counts a stream however it is cut into pieces, in the middle of a letter too", () => {
  const meter = meterUsage("text/event-stream; charset=utf-8");
  const text = { type: "content_block_delta", delta: { type: "text_delta", text: "für alle" } };
  const whole = bytes(event(START) + event(text) + event({ type: "message_delta", usage: { output_tokens: 42 } }));
  for (const byte of whole) meter.add(Uint8Array.of(byte));
  expect(meter.read()).toEqual({
    model: "m",
    tokens: { input: 7, output: 42, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 90 },
    hasBegun: true,
  });
});

it("is not fooled by what the model writes", () => {
  const meter = meterUsage("text/event-stream");
  const lie = JSON.stringify({ type: "message_delta", usage: { output_tokens: 0 } });
  const text = { type: "content_block_delta", delta: { type: "text_delta", text: `data: ${lie}\n\ndata: ${lie}` } };
  meter.add(bytes(event(START) + event(text)));
  expect(meter.read().tokens.output).toBeGreaterThan(20);
});

it("counts an answer that is not streamed, whatever its tools are given", () => {
  const meter = meterUsage("application/json");
  const content = [{ type: "tool_use", input: { usage: { input_tokens: 0 } } }];
  const answer = JSON.stringify({ model: "m", content, usage: { input_tokens: 5, output_tokens: 6 } });
  meter.add(bytes(answer.slice(0, 30)));
  meter.add(bytes(answer.slice(30)));
  expect(meter.read().tokens).toMatchObject({ input: 5, output: 6 });
});
