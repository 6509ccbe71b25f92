import { randomBytes } from "node:crypto";
import { cp, lstat, mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import type { NginxInput } from "../../contract/broker.ts";
import { AppError } from "../../contract/errors.ts";
import type { Family, Restore, Workbench } from "./family.ts";
import { findForbidden } from "./nginx-directives.ts";

type Bench = Pick<Workbench, "programs" | "nginxFolder" | "workFolder" | "onOutput" | "onProgress">;

interface Site {
  readonly name: string;
  /** Null for no such site. */
  readonly text: string | null;
  readonly isEnabled: boolean;
}

export function nginxFamily(bench: Bench): Family<NginxInput> {
  return {
    async check({ request }) {
      await requireNginx(bench);
      if (request.action !== "write_site") return;
      await requireOurs(bench, request.name);
      const forbidden = findForbidden(request.text);
      if (forbidden === null) return;
      throw new AppError("broker.refused", `The site ${request.name} is refused: ${forbidden}`, {
        hint: "Write it with the directives of a plain site; docs/broker.md names them.",
      });
    },
    async keep({ request }) {
      if (request.action !== "write_site") throw new Error(`Nothing is kept before ${request.action}`);
      return { kind: "site", ...(await readSite(bench, request.name)) };
    },
    async act({ request }) {
      if (request.action === "test") {
        await testFolder(bench, bench.nginxFolder);
        return "The configuration of nginx is fine";
      }
      if (request.action === "reload") {
        await testFolder(bench, bench.nginxFolder);
        return await reload(bench);
      }
      await replaceSite(bench, { name: request.name, text: request.text, isEnabled: true });
      return `The site ${request.name} is written. ${await reload(bench)}`;
    },
  };
}

export function restoreSite(bench: Bench): Restore<"site"> {
  return async ({ name, text, isEnabled }) => {
    await requireNginx(bench);
    await replaceSite(bench, { name, text, isEnabled });
    return `The site ${name} is ${text === null ? "gone" : "as it was"} again. ${await reload(bench)}`;
  };
}

/** In one move, and only when nginx takes the configuration with it: until then the old one serves. */
async function replaceSite(bench: Bench, site: Site): Promise<void> {
  const candidate = path.join(bench.workFolder, `nginx-${randomBytes(6).toString("hex")}`);
  try {
    await mkdir(bench.workFolder, { recursive: true, mode: 0o700 });
    await cp(bench.nginxFolder, candidate, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    await putSite(candidate, site);
    bench.onProgress("Testing the configuration");
    await testFolder(bench, candidate);
  } finally {
    await rm(candidate, { recursive: true, force: true });
  }
  await putSite(bench.nginxFolder, site);
}

async function putSite(folder: string, { name, text, isEnabled }: Site): Promise<void> {
  const { available, enabled } = placesOf(folder, name);
  if (text === null || !isEnabled) await rm(enabled, { force: true });
  if (text === null) {
    await rm(available, { force: true });
    return;
  }
  await mkdir(path.dirname(available), { recursive: true });
  const beside = path.join(path.dirname(available), `.${name}.new`);
  await rm(beside, { force: true });
  await writeFile(beside, text, { mode: 0o644, flag: "wx", flush: true });
  await rename(beside, available);
  if (isEnabled && (await lstat(enabled).catch(missing)) === null) {
    await mkdir(path.dirname(enabled), { recursive: true });
    await symlink(`../sites-available/${name}`, enabled);
  }
}

async function readSite({ nginxFolder }: Bench, name: string): Promise<Site> {
  const { available, enabled } = placesOf(nginxFolder, name);
  const text = await readFile(available, "utf8").catch(missing);
  return { name, text, isEnabled: (await lstat(enabled).catch(missing)) !== null };
}

function placesOf(folder: string, name: string): { readonly available: string; readonly enabled: string } {
  return { available: path.join(folder, "sites-available", name), enabled: path.join(folder, "sites-enabled", name) };
}

/** `nginx -t` on a folder that stands in the place of the real one, in a file system of its own. */
async function testFolder({ programs, nginxFolder, onOutput }: Bench, folder: string): Promise<void> {
  const properties = folder === nginxFolder ? [] : [`BindReadOnlyPaths=${folder}:${nginxFolder}`];
  await programs.asService(["nginx", "-q", "-t"], { properties, onOutput });
}

async function reload({ programs, onOutput }: Bench): Promise<string> {
  if ((await programs.ask(["systemctl", "is-active", "nginx.service"])) !== "active") return "nginx is not running";
  await programs.run(["systemctl", "reload", "nginx.service"], { onOutput });
  return "nginx was reloaded";
}

/** A file instead of a link in `sites-enabled` would go on serving whatever is written beside it. */
async function requireOurs({ nginxFolder }: Bench, name: string): Promise<void> {
  const { enabled } = placesOf(nginxFolder, name);
  const found = await lstat(enabled).catch(missing);
  if (found === null || found.isSymbolicLink()) return;
  throw new AppError("broker.refused", `${enabled} is a file that somebody wrote by hand`, {
    hint: "Move it to sites-available and put a link in its place, or take another name.",
  });
}

async function requireNginx({ nginxFolder }: Bench): Promise<void> {
  if ((await lstat(path.join(nginxFolder, "nginx.conf")).catch(missing)) !== null) return;
  throw new AppError("broker.failed", "nginx is not installed on this server", {
    hint: "Install the package nginx first.",
  });
}

function missing(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}
