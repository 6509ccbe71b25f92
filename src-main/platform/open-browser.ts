import { spawn } from "node:child_process";

/** Opens an address in the person's browser. False when there is none to be found. */
export async function openBrowser(address: string): Promise<boolean> {
  const [program, ...parameters] = opener(address);
  return new Promise((resolve) => {
    const child = spawn(program, parameters, { stdio: "ignore", detached: true });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}

function opener(address: string): [string, ...string[]] {
  if (process.platform === "darwin") return ["open", address];
  if (process.platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler", address];
  return ["xdg-open", address];
}
