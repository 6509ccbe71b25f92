import path from "node:path";
import { parseArgs } from "node:util";
import { createHost } from "../app.ts";
import { builtArtifacts } from "../artifacts.ts";
import { openBrowser } from "../platform/open-browser.ts";
import { homeFolder } from "../servers/home.ts";
import { version } from "../version.ts";
import { askRunning, newSecret, readRunning, writeRunning } from "./running-file.ts";
import { startBrowserServer } from "./start-server.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    open: { type: "boolean", default: false },
    port: { type: "string" },
  },
});

const log = (line: string) => console.error(line);
const show = (address: string, words: string) => console.log(values.json ? JSON.stringify({ url: address }) : words);

const built = path.resolve(import.meta.dirname, "..");
const home = homeFolder(process.env);
const last = await readRunning(home);
const open = last && values.port === undefined ? await askRunning(last) : null;
if (open) {
  show(open, `AI Infrastructure is open already, at ${open}`);
  await openForPerson(open);
  process.exit(0);
}

const artifacts = builtArtifacts({ folder: built, node: process.execPath, version });
const host = await createHost({ home, shell: "browser", artifacts, log });
const secret = newSecret();
const server = await startBrowserServer({
  host,
  pageFolder: path.join(built, "renderer"),
  port: Number(values.port ?? last?.port ?? 0),
  secret,
  onNextAddress: (address) => show(address, `To open it once more: ${address}`),
  log,
});
// The same port the next time: what the page remembers belongs to its address.
await writeRunning(home, { port: server.port, secret });
show(server.address, `AI Infrastructure is open at ${server.address}`);
await openForPerson(server.address);

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void close());

async function openForPerson(address: string): Promise<void> {
  if (!values.open || (await openBrowser(address)) || values.json) return;
  console.log("No browser was found on this computer; open the address in one.");
}

async function close(): Promise<void> {
  await server.close();
  await host.close();
  process.exit(0);
}
