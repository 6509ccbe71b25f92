import { lookup as systemLookup } from "node:dns/promises";
import type { IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { AppError } from "../../contract/errors.ts";
import { isPublicAddress } from "./public-address.ts";
import type { Reach } from "./reach.ts";

export interface FetchRules extends Pick<Reach, "hosts" | "asksForHosts"> {
  /** How the outside world is reached; another way in tests. */
  readonly world?: World;
}

export interface World {
  addressesOf(host: string): Promise<readonly string[]>;
  isPublic(address: string): boolean;
  /** Certificate authorities besides the well-known ones. */
  readonly authorities?: readonly string[];
  readonly port?: number;
}

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  readonly isCut: boolean;
}

const MAX_REDIRECTS = 5;
const MAX_BYTES = 2 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

const INTERNET: World = {
  addressesOf: async (host) => (await systemLookup(host, { all: true, verbatim: true })).map(({ address }) => address),
  isPublic: isPublicAddress,
};

/**
 * Gets a page over https. Each hop is checked anew: scheme, port, name, and every address the name has; the connection
 * goes to the very address that was checked, so that a name cannot be moved in between.
 */
export async function fetchPage(url: string, rules: FetchRules, signal: AbortSignal): Promise<Page> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  let next = url;
  try {
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const target = await checkedTarget(next, hop === 0 ? forFirst(rules) : forRedirect(rules, url));
      const answer = await send(target, rules.world ?? INTERNET, limit);
      const location = answer.headers.location;
      if (!isRedirect(answer) || location === undefined) return await readPage(target.url, answer);
      answer.destroy();
      next = URL.parse(location, target.url.href)?.href ?? refuse(`${target.url.host} redirects to ${location}`);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw explained(error, url);
  }
  throw new AppError("app.bad_input", `${url} redirects more than ${MAX_REDIRECTS} times`);
}

interface Target {
  readonly url: URL;
  readonly address: string;
}

function forFirst(rules: FetchRules): FetchRules {
  return rules.asksForHosts ? { ...rules, hosts: "any" } : rules;
}

/** A redirect may lead to the sites of the level, and within the one that was asked for. */
function forRedirect(rules: FetchRules, first: string): FetchRules {
  if (rules.hosts === "any") return rules;
  return { ...rules, hosts: [...rules.hosts, hostOf(new URL(first)).replace(/^www\./, "")] };
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}

async function checkedTarget(text: string, { hosts, world = INTERNET }: FetchRules): Promise<Target> {
  const url = URL.parse(text) ?? refuse(`${text} is not an address`);
  if (url.protocol !== "https:") refuse(`${url.href} is not https`);
  if (url.username !== "" || url.password !== "") refuse("An address with a login is not fetched");
  if (url.port !== "" && url.port !== "443") refuse(`${url.host}: only port 443 is fetched from`);
  const host = hostOf(url);
  if (!isAllowed(host, hosts)) {
    throw new AppError("app.bad_input", `${host} is not among the sites this agent may fetch from`, {
      hint: "Fetch that address itself: whether it may be is decided then.",
    });
  }
  const addresses = isIP(host) ? [host] : await world.addressesOf(host);
  const closed = addresses.find((address) => !world.isPublic(address));
  if (closed !== undefined) refuse(`${host} is at ${closed}, which is not an address of the open internet`);
  return { url, address: addresses[0] ?? refuse(`${host} has no address`) };
}

function isAllowed(host: string, hosts: Reach["hosts"]): boolean {
  if (hosts === "any") return true;
  if (isIP(host)) return hosts.includes(host);
  return hosts.some((allowed) => host === allowed || host.endsWith(`.${allowed}`));
}

async function send({ url, address }: Target, world: World, signal: AbortSignal): Promise<IncomingMessage> {
  const toChecked: LookupFunction = (_host, options, callback) => {
    const family = isIP(address);
    if (options.all) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
  return await new Promise((resolve, reject) => {
    const request = httpsRequest(
      url,
      {
        agent: false,
        lookup: toChecked,
        signal,
        ...(world.port !== undefined && { port: world.port }),
        ...(world.authorities && { ca: [...world.authorities] }),
        headers: {
          accept: "text/html,application/xhtml+xml,text/*,application/json;q=0.9,*/*;q=0.5",
          "accept-encoding": "identity",
          "user-agent": "Mozilla/5.0 (compatible; ai-infrastructure)",
        },
      },
      resolve,
    );
    request.on("error", reject);
    request.end();
  });
}

function isRedirect({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode === 301 || statusCode === 302 || statusCode === 303 || statusCode === 307 || statusCode === 308;
}

async function readPage(url: URL, answer: IncomingMessage): Promise<Page> {
  const encoding = answer.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") refuse(`${url.host} answered in ${encoding} although it was asked not to`);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BYTES) break;
  }
  answer.destroy();
  return {
    url: url.href,
    status: answer.statusCode ?? 0,
    contentType: answer.headers["content-type"] ?? "",
    body: Buffer.concat(chunks).subarray(0, MAX_BYTES),
    isCut: size > MAX_BYTES,
  };
}

function refuse(message: string): never {
  throw new AppError("app.bad_input", message);
}

function explained(error: unknown, url: string): AppError {
  if (error instanceof AppError) return error;
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (name === "TimeoutError" || name === "AbortError") {
    return new AppError("app.timed_out", `${url} did not answer within ${TIMEOUT_MS / 1000} s`, { cause: error });
  }
  return new AppError("app.not_found", `${url} cannot be fetched: ${code ?? message}`, { cause: error });
}
