import { EventEmitter } from "node:events";
import type { MessagePortMain } from "electron";
import { expect, test } from "vitest";
import type { Frame } from "../../../contract/channel.ts";
import { portChannel } from "../../../src-main/electron/port-channel.ts";

test("sends only the bytes of a view, not the buffer it lies in", () => {
  const { port, posted } = recordingPort();
  portChannel(port).send(new Uint8Array(new TextEncoder().encode("secret|shown").buffer, 7));
  expect(posted.map((frame) => (frame as Uint8Array).buffer.byteLength)).toEqual([5]);
});

test("passes text and bytes on, and closes on anything else", () => {
  const { port } = recordingPort();
  const frames: Frame[] = [];
  let closed = 0;
  const channel = portChannel(port);
  channel.onFrame((frame) => frames.push(frame));
  channel.onClose(() => (closed += 1));
  for (const data of ["text", new Uint8Array([1, 2]).buffer, { evil: true }, "late"]) port.emit("message", { data });
  expect([frames, closed]).toEqual([["text", new Uint8Array([1, 2])], 1]);
});

test("says once that it closed, whoever closed it, and sends nothing after", () => {
  const { port, posted } = recordingPort();
  let closed = 0;
  const channel = portChannel(port);
  channel.onClose(() => (closed += 1));
  port.emit("close");
  channel.close();
  channel.send("too late");
  expect([closed, posted]).toEqual([1, []]);
});

function recordingPort() {
  const posted: unknown[] = [];
  const port = Object.assign(new EventEmitter(), {
    start() {},
    close() {},
    postMessage: (message: unknown) => void posted.push(message),
  });
  return { port: port as EventEmitter & MessagePortMain, posted };
}
