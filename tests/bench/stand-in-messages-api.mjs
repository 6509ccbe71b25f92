// A Messages API on a lab server: `node stand-in-messages-api.mjs PORT`. Its first words are the time it sent them,
// so that whoever reads them on the same machine knows how long they were under way.
import { createServer } from "node:http";

const event = (type, more) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
const usage = { input_tokens: 1, output_tokens: 1 };
const message = { id: "msg_1", type: "message", role: "assistant", model: "stand-in", content: [], usage };
const delta = (text) => event("content_block_delta", { index: 0, delta: { type: "text_delta", text } });
const THINKING_MS = 300;
const WRITING_MS = 200;

createServer((request, response) => void answer(request, response)).listen(Number(process.argv[2]), "127.0.0.1");

/** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
async function answer(request, response) {
  for await (const chunk of request) void chunk;
  await later(THINKING_MS);
  response.writeHead(200, { "content-type": "text/event-stream" });
  const opening =
    event("message_start", { message: { ...message, stop_reason: null, stop_sequence: null } }) +
    event("content_block_start", { index: 0, content_block: { type: "text", text: "" } });
  response.write(opening + delta(`sent=${Date.now()} `));
  for (let word = 0; word < 10; word += 1) {
    await later(WRITING_MS / 10);
    response.write(delta("more words "));
  }
  response.write(event("content_block_stop", { index: 0 }));
  response.write(event("message_delta", { delta: { stop_reason: "end_turn", stop_sequence: null }, usage }));
  response.end(event("message_stop", {}));
}

function later(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
