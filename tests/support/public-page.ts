import { makeCertificate } from "./https-site.ts";
import type { Lab } from "./lab-server.ts";
import { poll } from "./lab-server-run.ts";

/** An address of the open internet that the lab server takes for its own. */
const ADDRESS = "93.184.215.14";

const SERVER = `
const fs = require("fs");
const tls = { key: fs.readFileSync("/var/tmp/page-key.pem"), cert: fs.readFileSync("/var/tmp/page-certificate.pem") };
const answer = (request, response) => response.writeHead(200, { "content-type": "text/plain" }).end(fs.readFileSync("/var/tmp/page.txt"));
require("https").createServer(tls, answer).listen(443, "${ADDRESS}");
`;

/**
 * Lets the lab server reach a page of the open internet under its real name, with a certificate its agents trust. Its own
 * web server makes room for it.
 */
export async function startPublicPage(lab: Lab, { hostname }: URL, text: string): Promise<void> {
  const { key, certificate } = makeCertificate([hostname]);
  const put = async (file: string, content: string): Promise<void> => {
    await lab.exec(["sh", "-c", 'cat >"$1"', "sh", file], { input: content });
  };
  await put("/var/tmp/page.txt", text);
  await put("/var/tmp/page-key.pem", key);
  await put("/var/tmp/page-certificate.pem", certificate);
  await put("/var/tmp/page-server.cjs", SERVER);
  await lab.sh(`ip address replace ${ADDRESS}/32 dev lo
    echo "${ADDRESS} ${hostname}" >>/etc/hosts
    systemctl stop nginx
    systemd-run --quiet --collect --unit=public-page /opt/ai-infrastructure/current/node /var/tmp/page-server.cjs
    sed -i '2i export NODE_EXTRA_CA_CERTS=/var/tmp/page-certificate.pem' /opt/ai-infrastructure/bin/agent-console
    pkill -KILL -u ai-code -f 'daemon.mjs agent'`);
  await poll("the page is served", async () => {
    const { exitCode } = await lab.exec(["sh", "-c", `ss -Hltn 'sport = :443' | grep -q ${ADDRESS}`]);
    return exitCode === 0 ? true : null;
  });
}
