import { QDRANT_ARCHIVE } from "../../provisioning/commands/qdrant.ts";
import type { Lab } from "./lab-server.ts";

/** Knows where it should listen, and answers whoever has the key that systemd gave it. */
const PROGRAM = `#!/usr/bin/env python3
import http.server, os, sys
key = os.environ["QDRANT__SERVICE__API_KEY"]
assert sys.argv[1] == "--config-path" and "host: 127.0.0.1" in open(sys.argv[2]).read()
open("storage", "w").close()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        free = self.path == "/readyz" or self.headers["api-key"] == key
        self.send_response(200 if free else 401)
        self.end_headers()
    def log_message(self, *words): pass
http.server.ThreadingHTTPServer(("127.0.0.1", 6333), Handler).serve_forever()
`;

/** Lays an archive with a stand-in for Qdrant where the step leaves the real one; gives its SHA-256. */
export async function layQdrantArchive(lab: Lab): Promise<string> {
  await lab.exec(["sh", "-c", "mkdir -p /tmp/archive && cat >/tmp/archive/qdrant"], { input: PROGRAM });
  await lab.sh(`chmod 755 /tmp/archive/qdrant; mkdir -p "$(dirname ${QDRANT_ARCHIVE})"
    tar -czf ${QDRANT_ARCHIVE} -C /tmp/archive qdrant`);
  return lab.sh(`sha256sum <${QDRANT_ARCHIVE} | cut -c1-64`);
}
