import { implement } from "@orpc/server";
import { RPCHandler } from "@orpc/server/ws";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { ConsoleApi } from "../../../contract/console-api.ts";
import { AppError } from "../../../contract/errors.ts";
import { createDaemonLink } from "../../../server-agent/console/daemon-link.ts";
import { createLog } from "../../../server-agent/platform/log.ts";
import { carryErrors } from "../../../server-agent/wire/rpc-errors.ts";

let folder: string;
let close: AbortController;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "daemon-link-"));
  close = new AbortController();
});
afterEach(() => {
  close.abort();
  rmSync(folder, { recursive: true });
});

/** A daemon whose `submit` does what it is told; gives a link to it. */
function linkTo(submit: () => { taskId: string }) {
  const api = implement(ConsoleApi);
  const router = {
    orders: api.orders.handler(async function* () {
      await new Promise((resolve) => close.signal.addEventListener("abort", resolve));
      yield { type: "notice" as const, text: "" };
    }),
    submit: api.submit.handler(submit),
  };
  const handler = new RPCHandler(router, { clientInterceptors: [carryErrors(createLog({ write: () => undefined }))] });
  const server = http.createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => void handler.upgrade(socket, { context: {} }));
  const socketPath = path.join(folder, "daemon.sock");
  server.listen(socketPath);
  close.signal.addEventListener("abort", () => server.close());
  const link = createDaemonLink({ socketPath, agent: "qa", onOrder: () => undefined, onChange: () => undefined });
  void link.run(close.signal);
  return async () =>
    await link.call(async (daemon, signal) => await daemon.submit({ id: "line_1", text: "hello" }, { signal }), {
      signal: close.signal,
    });
}

it("gives up on a mistake of the daemon that repeats, and tells it", async () => {
  let attempts = 0;
  const submit = linkTo(() => {
    attempts += 1;
    throw new TypeError("submit is broken");
  });
  await expect(submit()).rejects.toMatchObject({ code: "app.internal", message: "submit is broken" });
  expect(attempts).toBe(5);
}, 20_000);

it("goes on asking while the database is away", async () => {
  let attempts = 0;
  const submit = linkTo(() => {
    attempts += 1;
    if (attempts <= 5) throw new AppError("store.unavailable", "PostgreSQL is away");
    return { taskId: "task_1" };
  });
  expect(await submit()).toEqual({ taskId: "task_1" });
}, 20_000);
