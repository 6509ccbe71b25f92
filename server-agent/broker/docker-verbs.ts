import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { DockerInput } from "../../contract/broker.ts";
import { AppError } from "../../contract/errors.ts";
import type { Kept } from "../../contract/root-snapshots.ts";
import { composePlace, keepContainers } from "./docker-keep.ts";
import { composeFile, type Confinement, dockerRun } from "./docker-run.ts";
import type { Family, Restore, Workbench } from "./family.ts";
import type { Argv } from "./programs.ts";

type Bench = Pick<Workbench, "programs" | "composeFolder" | "onOutput" | "agentIds">;
type Request = DockerInput["request"];

const PULL_MS = 900_000;

export function dockerFamily(bench: Bench): Family<DockerInput> {
  return {
    async check({ request }) {
      if ((await bench.programs.ask(["docker", "version", "--format={{.Server.Version}}"])) === null) {
        throw new AppError("broker.failed", "Docker does not run on this server", {
          hint: "Install the package docker.io, or start the unit docker.",
        });
      }
      if (request.action === "compose_down") await readProject(bench, request.project);
    },
    async keep({ request }, folder) {
      return await keepContainers(request, { ...bench, folder });
    },
    act: async ({ request }) => await actOn(bench, request),
  };
}

async function actOn(bench: Bench, request: Request): Promise<string> {
  const docker = async (...words: string[]): Promise<void> =>
    await bench.programs.run(["docker", ...words], { onOutput: bench.onOutput, timeoutMs: PULL_MS });
  switch (request.action) {
    case "ps":
      await docker("ps", "--all", "--format=table {{.Names}}\t{{.Image}}\t{{.Status}}\t{{.Ports}}");
      return "These are the containers";
    case "logs":
      await docker("logs", `--tail=${request.lines ?? 100}`, request.container);
      return `The log of ${request.container}`;
    case "run":
      await bench.programs.run(dockerRun(request.name, request.container, await confinement(bench)), {
        onOutput: bench.onOutput,
        timeoutMs: PULL_MS,
      });
      return `The container ${request.name} runs`;
    case "stop":
      await docker("stop", request.container);
      return `The container ${request.container} is stopped`;
    case "rm":
      await docker("rm", request.container);
      return `The container ${request.container} is gone`;
    case "pull":
      await docker("pull", request.image);
      return `The image ${request.image} is here`;
    case "prune":
      await docker(PRUNED[request.what], "prune", "--force");
      return `Unused ${request.what} are gone`;
    case "compose_up":
      await composeUp(bench, request.project, composeFile(request.services, await confinement(bench)));
      return `The project ${request.project} runs`;
    case "compose_down":
      await compose(bench, request.project, ["down"]);
      return `The project ${request.project} is down; its volumes stay`;
  }
}

const PRUNED = { containers: "container", images: "image", volumes: "volume" } as const;

/** Volumes that are gone get back what they held, containers are made again as they were described. */
export function restoreContainers(bench: Bench): Restore<"containers"> {
  return async (kept, folder) => {
    const done: string[] = [];
    for (const volume of kept.volumes) {
      done.push(await fillVolume(bench, volume, path.join(folder, `volume-${volume}.tar`)));
    }
    if (kept.project !== null) {
      await composeUp(bench, kept.project, await readFile(path.join(folder, "compose.json"), "utf8"));
      return [...done, `the project ${kept.project} runs again`].join("; ");
    }
    for (const container of kept.containers) done.push(await bringBack(bench, container));
    if (kept.images.length > 0) done.push(`images are not kept; these are gone: ${kept.images.join(", ")}`);
    return done.join("; ");
  };
}

type KeptContainer = Extract<Kept, { kind: "containers" }>["containers"][number];

async function bringBack(bench: Bench, { name, isRunning, spec }: KeptContainer): Promise<string> {
  const { programs, onOutput } = bench;
  if ((await programs.ask(["docker", "container", "inspect", "--format={{.Name}}", name])) !== null) {
    if (isRunning) await programs.run(["docker", "start", name], { onOutput });
    return `the container ${name} is ${isRunning ? "running" : "there"}`;
  }
  if (spec === null) return `the container ${name} was not started here: make it again by inspect-${name}.json`;
  await programs.run(dockerRun(name, spec, await confinement(bench)), { onOutput, timeoutMs: PULL_MS });
  if (!isRunning) await programs.run(["docker", "stop", name], { onOutput });
  return `the container ${name} is made again`;
}

/** One that is still there may hold newer things, and stays as it is. */
async function fillVolume({ programs, onOutput }: Bench, volume: string, archive: string): Promise<string> {
  const inspect = ["docker", "volume", "inspect", "--format={{.Mountpoint}}", volume] as const;
  if ((await programs.ask(inspect)) !== null) return `the volume ${volume} is still there`;
  await programs.run(["docker", "volume", "create", volume]);
  const place = await programs.ask(inspect);
  if (place === null || !place.startsWith("/"))
    throw new AppError("broker.failed", `The volume ${volume} has no place`);
  await programs.asService(["tar", "--extract", "--xattrs", `--file=${archive}`, `--directory=${place}`], {
    onOutput,
    timeoutMs: 1_800_000,
  });
  return `the volume ${volume} holds what it held`;
}

async function composeUp(bench: Bench, project: string, text: string): Promise<void> {
  const place = composePlace(bench.composeFolder, project);
  await mkdir(bench.composeFolder, { recursive: true, mode: 0o700 });
  await rm(`${place}.new`, { force: true });
  await writeFile(`${place}.new`, text, { mode: 0o600, flag: "wx", flush: true });
  await rename(`${place}.new`, place);
  await compose(bench, project, ["up", "--detach", "--remove-orphans"]);
}

async function compose(bench: Bench, project: string, words: readonly string[]): Promise<void> {
  const { programs, onOutput } = bench;
  // Either the plugin of Docker or the older program, which Debian 12 has.
  const hasPlugin = (await programs.ask(["docker", "compose", "version"])) !== null;
  const program: Argv = hasPlugin ? ["docker", "compose"] : ["docker-compose"];
  const place = composePlace(bench.composeFolder, project);
  await programs.run([...program, "--project-name", project, "--file", place, ...words], {
    onOutput,
    timeoutMs: PULL_MS,
  });
}

async function readProject({ composeFolder }: Bench, project: string): Promise<string> {
  return await readFile(composePlace(composeFolder, project), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw new AppError("app.not_found", `The broker started no project ${project}`);
  });
}

async function confinement({ agentIds }: Bench): Promise<Confinement> {
  return { agentIds: await agentIds() };
}
