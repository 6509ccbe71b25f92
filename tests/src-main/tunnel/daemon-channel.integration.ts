import { createServer } from "node:http";
import path from "node:path";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/message-port";
import { oc, eventIterator, type ContractRouterClient } from "@orpc/contract";
import { implement } from "@orpc/server";
import { RPCHandler } from "@orpc/server/ws";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { z } from "zod";
import type { Frame } from "../../../contract/channel.ts";
import type { Links, OpenLink } from "../../../src-main/servers/link.ts";
import { serveDaemonChannel } from "../../../src-main/tunnel/daemon-channel.ts";
import { channelPair } from "../../support/channel-pair.ts";
import { linksTo } from "../../support/ssh-link.ts";
import { startSshd, type Sshd } from "../../support/sshd.ts";

const contract = {
  echo: oc.input(z.string()).output(z.string()),
  count: oc.input(z.object({ after: z.number() })).output(eventIterator(z.number())),
};
const api = implement(contract);
const router = api.router({
  echo: api.echo.handler(({ input }) => input),
  count: api.count.handler(async function* ({ input, signal }) {
    for (let n = input.after + 1; n <= 1000; n++) {
      signal?.throwIfAborted();
      yield n;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }),
});

let sshd: Sshd;
let connect: () => Promise<OpenLink>;
let daemonSocket: string;
const http = createServer();

beforeAll(async () => {
  sshd = await startSshd();
  connect = linksTo(sshd);
  daemonSocket = path.join(sshd.folder, "api.sock");
  const sockets = new WebSocketServer({ server: http });
  const handler = new RPCHandler(router);
  sockets.on("connection", (socket) => void handler.upgrade(socket));
  await new Promise<void>((resolve) => http.listen(daemonSocket, resolve));
});
afterAll(async () => {
  http.closeAllConnections();
  http.close();
  await sshd.close();
});

function open() {
  const pair = channelPair();
  const links: Pick<Links, "whenOnline"> = { whenOnline: async () => ({ ...(await connect()), daemonSocket }) };
  const reported: string[] = [];
  serveDaemonChannel(pair.channel, {
    links: links as Links,
    serverId: "s1",
    report: (message) => reported.push(message),
  });
  const port = {
    postMessage: (frame: Frame) => pair.send(frame),
    onMessage: { addListener: (listener: (frame: Frame) => void) => pair.onFrame(listener) },
    onDisconnect: { addListener: (listener: () => void) => void pair.closed.then(listener) },
  };
  const client: ContractRouterClient<typeof contract> = createORPCClient(new RPCLink({ port }));
  return { client, pair, reported };
}

it("carries calls that were made before it was open, and large ones, unopened", async () => {
  const { client, pair } = open();
  const large = "ß".repeat(1_000_000);
  expect(await Promise.all([client.echo("first"), client.echo(large)])).toEqual(["first", large]);
  pair.close();
});

it("closes when the connection breaks, and a stream goes on from its last number on the next one", async () => {
  const seen: number[] = [];
  const first = open();
  const follow = async (client: typeof first.client, until: number): Promise<void> => {
    for await (const n of await client.count({ after: seen.at(-1) ?? 0 })) {
      seen.push(n);
      if (n === until) return;
      if (n === 20) sshd.killSessions();
    }
  };
  await follow(first.client, 1000).catch(() => {});
  await first.pair.closed;
  const second = open();
  await follow(second.client, 200);
  expect(seen).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  second.pair.close();
});

it("closes and says why when no daemon listens", async () => {
  const socket = daemonSocket;
  daemonSocket = path.join(sshd.folder, "none.sock");
  const { pair, reported } = open();
  await pair.closed;
  daemonSocket = socket;
  expect(reported).toEqual([expect.stringContaining("none.sock")]);
});
