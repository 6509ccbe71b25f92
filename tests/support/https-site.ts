import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

export interface HttpsSite {
  readonly port: number;
  /** The certificate, for those who trust it. */
  readonly certificate: string;
  close(): Promise<void>;
}

/** A site over https on 127.0.0.1 with a certificate of its own for these names. */
export async function startHttpsSite(names: readonly string[], answer: RequestListener): Promise<HttpsSite> {
  const { key, certificate } = makeCertificate(names);
  const server = createServer({ key, cert: certificate }, answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    certificate,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A certificate for these names that vouches for itself, and its key. */
export function makeCertificate(names: readonly string[]): { readonly key: string; readonly certificate: string } {
  const folder = mkdtempSync(path.join(tmpdir(), "https-site-"));
  const [key, certificate] = [path.join(folder, "key.pem"), path.join(folder, "certificate.pem")];
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const named = ["-subj", "/CN=test", "-addext", `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}`];
  execFileSync("openssl", [...made, ...named, "-keyout", key, "-out", certificate], { stdio: "ignore" });
  const texts = { key: readFileSync(key, "utf8"), certificate: readFileSync(certificate, "utf8") };
  rmSync(folder, { recursive: true });
  return texts;
}
