import { EventEmitter } from "node:events";
import type { ClientChannel } from "ssh2";
import { expect, it } from "vitest";
import { write } from "../../../src-main/ssh/exchange.ts";

/** The other side does not read yet. */
function fullChannel(): ClientChannel {
  const channel = Object.assign(new EventEmitter(), { write: () => false });
  return channel as EventEmitter as ClientChannel;
}

const listeners = (channel: ClientChannel) => ["drain", "close", "error"].map((name) => channel.listenerCount(name));

it("leaves no listener behind when the other side reads on", async () => {
  const channel = fullChannel();
  for (let piece = 0; piece < 20; piece += 1) {
    const written = write(channel, "x");
    channel.emit("drain");
    await written;
  }
  expect(listeners(channel)).toEqual([0, 0, 0]);
});

it("is lost when the channel closes while it waits", async () => {
  const channel = fullChannel();
  const written = write(channel, "x");
  channel.emit("close");
  await expect(written).rejects.toMatchObject({ code: "connection.lost" });
  expect(listeners(channel)).toEqual([0, 0, 0]);
});
