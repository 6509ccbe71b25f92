import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { AgentName } from "../../contract/agents.ts";
import { AppError, toWireError } from "../../contract/errors.ts";
import { SNAPSHOT_PATH } from "../../contract/keeping.ts";
import type { Store } from "../store/open-store.ts";
import type { CopyFolder } from "./copy-folder.ts";

export interface CopyParts {
  readonly store: Store;
  readonly copies: CopyFolder;
}

/** Takes and gives the copies themselves on an agent's socket: its own only, and only while they are taken or restored. */
export async function serveCopy(
  { store, copies }: CopyParts,
  { request, response, agent }: { request: IncomingMessage; response: ServerResponse; agent: AgentName },
): Promise<void> {
  try {
    const id = new URL(request.url ?? "/", "http://daemon").pathname.slice(SNAPSHOT_PATH.length);
    const row = await store.read(async (db) => {
      return await db
        .selectFrom("snapshots")
        .select(["state", "agent", "sha256"])
        .where("id", "=", id)
        .executeTakeFirst();
    });
    const isOwn = row?.agent === agent;
    if (request.method === "PUT" && isOwn && row.state === "taking") {
      const received = await copies.receive(id, request);
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(received));
      return;
    }
    if (request.method === "GET" && isOwn && row.state === "restoring") {
      const copy = await copies.open(id, row.sha256 ?? "");
      response.writeHead(200, { "content-type": "application/octet-stream" });
      await pipeline(copy, response);
      return;
    }
    throw new AppError("app.not_found", `The agent ${agent} has no snapshot ${id} to take or restore at the moment`);
  } catch (error) {
    refuse(request, response, error);
  }
}

/** What is still sent is read to its end, so that the sender reads why. */
function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  request.resume();
  if (response.headersSent) return void response.destroy();
  response.writeHead(409, { "content-type": "application/json" }).end(JSON.stringify(toWireError(error)));
}
