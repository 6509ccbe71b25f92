import type { IncomingMessage, ServerResponse } from "node:http";
import { serveAsset } from "../assets/serve-asset.ts";
import { isSame, type Sessions } from "./sessions.ts";

const MAX_BODY_BYTES = 4096;

export interface PageParts {
  /** The folder of the built page. */
  readonly root: string;
  readonly sessions: Sessions;
  readonly headers: Readonly<Record<string, string>>;
  readonly onSession: () => void;
  /** Who shows it is told the address. */
  readonly secret: string;
  readonly address: () => string;
}

/** The page's files, and the one request that trades a token for a session. */
export async function servePage(request: IncomingMessage, response: ServerResponse, parts: PageParts): Promise<void> {
  for (const [name, value] of Object.entries(parts.headers)) response.setHeader(name, value);
  const { pathname } = new URL(request.url ?? "/", "http://page");
  if (request.method === "POST" && pathname === "/session") return openSession(request, response, parts);
  if (request.method === "POST" && pathname === "/address") return tellAddress(request, response, parts);
  if (request.method !== "GET" && request.method !== "HEAD") return answer(response, 405, "Only GET");
  const asset = await serveAsset(parts.root, pathname);
  response.writeHead(asset.status, asset.headers);
  response.end(request.method === "HEAD" ? undefined : asset.body);
}

export function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}

async function openSession(request: IncomingMessage, response: ServerResponse, parts: PageParts): Promise<void> {
  const session = parts.sessions.trade(readToken(await readBody(request)));
  if (session === null) return answer(response, 401, "This address has been used already, or is not of this run");
  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify({ session }));
  parts.onSession();
}

/** For a second start of the app by the same person. A browser's page always names its origin, so none gets here. */
async function tellAddress(request: IncomingMessage, response: ServerResponse, parts: PageParts): Promise<void> {
  const isKnown = isSame(readToken(await readBody(request)), parts.secret);
  if (!isKnown || request.headers.origin !== undefined)
    return answer(response, 403, "That is not the secret of this run");
  response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify({ url: parts.address() }));
}

function readToken(body: string): string {
  try {
    const { token } = JSON.parse(body) as { token?: unknown };
    return typeof token === "string" ? token : "";
  } catch {
    return "";
  }
}

/** Empty when it is larger than a token may be. */
async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > MAX_BODY_BYTES) return "";
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString("utf8");
}
