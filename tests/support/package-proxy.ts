import { once } from "node:events";
import { createServer, request } from "node:http";
import { type AddressInfo, isIPv6 } from "node:net";

export interface PackageProxy {
  readonly address: string;
  /** Every address that was asked for. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

interface Ways {
  /** Hosts by the names that only the proxy knows. */
  readonly names: Readonly<Record<string, string>>;
  /** The proxy that this machine has itself; empty when it has none. */
  readonly upstream: string;
}

/** A proxy for plain HTTP at an address of this machine, as companies have one for packages. */
export async function startPackageProxy(address: string, { names, upstream }: Ways): Promise<PackageProxy> {
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const wanted = new URL(incoming.url ?? "");
    asked.push(wanted.href);
    wanted.host = names[wanted.host] ?? wanted.host;
    const next = upstream === "" ? wanted : new URL(upstream);
    const options = { method: incoming.method, headers: { ...incoming.headers, host: wanted.host } };
    const where = { host: next.hostname, port: next.port, path: upstream === "" ? wanted.pathname : wanted.href };
    const passed = request({ ...options, ...where }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.once("error", () => outgoing.writeHead(502).end());
    incoming.pipe(passed);
  });
  server.listen(0, address);
  await once(server, "listening");
  return {
    address: `http://${isIPv6(address) ? `[${address}]` : address}:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
