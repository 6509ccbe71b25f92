import http from "node:http";
import { Readable } from "node:stream";

/**
 * `fetch` over a Unix socket. A request or answer on which nothing moves for `stallMs` fails, so that a stream that
 * stops without closing is noticed.
 */
export function createUnixFetch(socketPath: string, stallMs: number): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = Object.fromEntries(new Headers(init?.headers));
    return await new Promise<Response>((resolve, reject) => {
      const request = http.request(
        {
          socketPath,
          path: url.pathname + url.search,
          method: init?.method ?? "GET",
          headers,
          signal: init?.signal ?? undefined,
        },
        (answer) => resolve(toResponse(answer)),
      );
      request.setTimeout(stallMs, () => request.destroy(new Error(`nothing came for ${stallMs} ms`)));
      request.on("error", reject);
      request.end(typeof init?.body === "string" ? init.body : undefined);
    });
  };
}

function toResponse(answer: http.IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers.set(name, String(value));
  }
  const body = Readable.toWeb(answer) as ReadableStream<Uint8Array>;
  return new Response(body, { status: answer.statusCode ?? 502, headers });
}
