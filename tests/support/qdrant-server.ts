import { EventEmitter, once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { text } from "node:stream/consumers";
import { readContract, type ContractReply, type ContractRequest, type OpenapiContract } from "./openapi-contract.ts";
import { createQdrantCollections, type QdrantCollections } from "./qdrant-collections.ts";

export interface QdrantKeys {
  readonly key: string;
  /** May look but not write. */
  readonly readOnlyKey?: string;
}

/** `silent` takes a request and says nothing; a reply is given to all of them. */
export type Behaviour = "well" | "silent" | ContractReply;

/**
 * A stand-in for Qdrant 1.19, on this machine. All that goes in and out is held against its OpenAPI document, and
 * `close` throws when something did not fit.
 */
export interface QdrantServer {
  readonly url: string;
  /** What came with a good key. */
  readonly requests: readonly ContractRequest[];
  /** From then on. */
  behave(how: Behaviour): void;
  /** Ends when a request came. */
  nextRequest(): Promise<unknown>;
  /** As a service that is stopped: nothing listens, and connections are cut. */
  stop(): Promise<void>;
  /** At the same address, with all that it had. */
  start(): Promise<void>;
  loseEverything(): void;
  close(): Promise<void>;
}

const DOCUMENT = path.join(import.meta.dirname, "contracts", "qdrant-openapi.json");
let contract: OpenapiContract | undefined;

export async function startQdrantServer(keys: QdrantKeys): Promise<QdrantServer> {
  contract ??= readContract(readFileSync(DOCUMENT, "utf8"));
  const collections = createQdrantCollections();
  const world: World = {
    keys,
    contract,
    collections,
    requests: [],
    faults: [],
    arrivals: new EventEmitter(),
    how: "well",
  };
  const place = createPlace((incoming, response) => {
    answer(world, incoming, response).catch((error: unknown) => {
      world.faults.push(`${incoming.method} ${incoming.url}: ${String(error)}`);
      response.destroy();
    });
  });
  const url = `http://127.0.0.1:${await place.listen()}`;
  return {
    url,
    requests: world.requests,
    behave: (how) => (world.how = how),
    nextRequest: () => once(world.arrivals, "request"),
    stop: () => place.leave(),
    async start() {
      await place.listen();
    },
    loseEverything: () => collections.forgetAll(),
    async close() {
      await place.leave();
      if (world.faults.length > 0) throw new Error(`Not as Qdrant's document says:\n${world.faults.join("\n")}`);
    },
  };
}

/** A port that can be left and taken again. */
function createPlace(listener: RequestListener) {
  let port = 0;
  let server: Server | undefined;
  return {
    async listen(): Promise<number> {
      server = createServer(listener).listen(port, "127.0.0.1");
      await once(server, "listening");
      port = (server.address() as AddressInfo).port;
      return port;
    },
    async leave(): Promise<void> {
      if (server === undefined) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      server = undefined;
      await closed;
    },
  };
}

interface World {
  readonly keys: QdrantKeys;
  readonly contract: OpenapiContract;
  readonly collections: QdrantCollections;
  readonly requests: ContractRequest[];
  readonly faults: string[];
  readonly arrivals: EventEmitter;
  how: Behaviour;
}

async function answer(world: World, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "", url = "", headers } = incoming;
  const raw = await text(incoming);
  const key = headers["api-key"];
  if (key !== world.keys.key && (key === undefined || key !== world.keys.readOnlyKey)) {
    // In plain text, which the document says nothing about.
    response.writeHead(401, { "content-type": "text/plain; charset=utf-8" });
    response.end(
      key === undefined ? "Must provide an API key or an Authorization bearer token" : "Invalid API key or JWT",
    );
    return;
  }
  const request: ContractRequest = { method, path: url, body: raw === "" ? undefined : JSON.parse(raw) };
  world.requests.push(request);
  world.arrivals.emit("request");
  const misfits = world.contract.faultsOfRequest(request);
  if (raw !== "" && headers["content-type"] !== "application/json") misfits.push("its type is not JSON");
  world.faults.push(...misfits.map((fault) => `${method} ${url}: ${fault}`));
  if (world.how === "silent") return;
  const mayWrite = key === world.keys.key;
  const reply = world.how === "well" ? replyTo(world, request, { misfits, mayWrite }) : world.how;
  for (const fault of world.contract.faultsOfReply(request, reply)) {
    world.faults.push(`the reply ${reply.status} to ${method} ${url}: ${fault}`);
  }
  response.writeHead(reply.status, { "content-type": "application/json" });
  response.end(JSON.stringify(reply.body));
}

interface Judgement {
  readonly misfits: readonly string[];
  readonly mayWrite: boolean;
}

/** What does not fit is refused, and kept for `close` to tell: a client may take the refusal for something else. */
function replyTo({ contract, collections }: World, request: ContractRequest, { misfits, mayWrite }: Judgement) {
  const operation = contract.operation(request);
  if (operation === null || misfits.length > 0) return refusal(400, `Format error: ${misfits.join("; ")}`);
  if (!mayWrite && WRITES.test(operation.name)) return refusal(403, "Forbidden: Global manage access is required");
  return collections.answer(operation, request.body);
}

const WRITES = /^PUT |\/delete$/;

function refusal(status: number, error: string): ContractReply {
  return { status, body: { status: { error }, time: 0.001 } };
}
