import path from "node:path";
import { parseArgs } from "node:util";
import { createHost } from "../app.ts";
import { builtArtifacts } from "../artifacts.ts";
import { openBrowser } from "../platform/open-browser.ts";
import { homeFolder } from "../servers/home.ts";
import { version } from "../version.ts";
import { startBrowserServer } from "./start-server.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    open: { type: "boolean", default: false },
    port: { type: "string", default: "0" },
  },
});

const log = (line: string) => console.error(line);
const show = (address: string, words: string) => console.log(values.json ? JSON.stringify({ url: address }) : words);

const built = path.resolve(import.meta.dirname, "..");
const artifacts = builtArtifacts({ folder: built, node: process.execPath, version });
const host = await createHost({ home: homeFolder(process.env), shell: "browser", artifacts, log });
const server = await startBrowserServer({
  host,
  pageFolder: path.join(built, "renderer"),
  port: Number(values.port),
  onNextAddress: (address) => show(address, `To open it once more: ${address}`),
  log,
});
show(server.address, `AI Infrastructure is open at ${server.address}`);
if (values.open && !(await openBrowser(server.address)) && !values.json) {
  console.log("No browser was found on this computer; open the address in one.");
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void close());

async function close(): Promise<void> {
  await server.close();
  await host.close();
  process.exit(0);
}
