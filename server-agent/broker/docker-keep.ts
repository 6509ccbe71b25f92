import { copyFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { DockerInput } from "../../contract/broker.ts";
import { ContainerSpec, DockerName } from "../../contract/containers.ts";
import { AppError } from "../../contract/errors.ts";
import type { Kept } from "../../contract/root-snapshots.ts";
import { SPEC_LABEL } from "./docker-run.ts";
import type { Programs } from "./programs.ts";

type KeptContainers = Extract<Kept, { kind: "containers" }>;
type Request = DockerInput["request"];

const Inspected = z.array(
  z.looseObject({
    Name: z.string(),
    State: z.looseObject({ Running: z.boolean() }),
    Config: z.looseObject({ Labels: z.record(z.string(), z.string()).nullish() }),
    Mounts: z.array(z.looseObject({ Type: z.string(), Name: z.string().optional() })).nullish(),
  }),
);
type Inspected = z.infer<typeof Inspected>[number];

const Volume = z.array(z.object({ Mountpoint: z.string().startsWith("/"), Driver: z.string() })).length(1);

export interface KeepParts {
  readonly programs: Programs;
  /** Of the snapshot. */
  readonly folder: string;
  /** Where the descriptions of projects are. */
  readonly composeFolder: string;
}

/** Copies of what a request would take away: how containers were, and all that their named volumes hold. */
export async function keepContainers(request: Request, parts: KeepParts): Promise<KeptContainers> {
  const project = request.action === "compose_down" ? request.project : null;
  if (project !== null)
    await copyFile(composePlace(parts.composeFolder, project), path.join(parts.folder, "compose.json"));
  const names = await containersOf(request, parts.programs);
  const containers = await Promise.all(names.map(async (name) => await keepContainer(name, parts)));
  const loose = request.action === "prune" && request.what === "volumes" ? await looseVolumes(parts.programs) : [];
  // Stopping leaves volumes alone.
  const used = request.action === "stop" ? [] : containers.flatMap((one) => one.volumes);
  const volumes = [...new Set([...used, ...loose])];
  for (const volume of volumes) await keepVolume(volume, parts);
  const images = request.action === "prune" && request.what === "images" ? await looseImages(parts.programs) : [];
  const kept = containers.map(({ name, isRunning, spec }) => ({ name, isRunning, spec }));
  return { kind: "containers", containers: kept, volumes, images, project };
}

export function composePlace(composeFolder: string, project: string): string {
  return path.join(composeFolder, `${project}.json`);
}

async function containersOf(request: Request, programs: Programs): Promise<string[]> {
  switch (request.action) {
    case "stop":
    case "rm":
      return [request.container];
    case "prune":
      return request.what === "containers"
        ? await lines(programs, [
            "ps",
            "--all",
            "--filter=status=exited",
            "--filter=status=created",
            "--filter=status=dead",
            "--format={{.Names}}",
          ])
        : [];
    case "compose_down":
      return await lines(programs, [
        "ps",
        "--all",
        `--filter=label=com.docker.compose.project=${request.project}`,
        "--format={{.Names}}",
      ]);
    case "ps":
    case "logs":
    case "run":
    case "pull":
    case "compose_up":
      return [];
  }
}

async function keepContainer(name: string, { programs, folder }: KeepParts) {
  const text = await programs.ask(["docker", "container", "inspect", name]);
  if (text === null) throw new AppError("app.not_found", `There is no container ${name}`);
  await writeFile(path.join(folder, `inspect-${name}.json`), text, { mode: 0o600 });
  const [inspected] = Inspected.parse(JSON.parse(text));
  if (!inspected) throw new AppError("app.not_found", `There is no container ${name}`);
  const volumes = (inspected.Mounts ?? []).flatMap((mount) =>
    mount.Type === "volume" && mount.Name !== undefined ? [DockerName.parse(mount.Name)] : [],
  );
  return {
    name: inspected.Name.replace(/^\//, ""),
    isRunning: inspected.State.Running,
    spec: specOf(inspected),
    volumes,
  };
}

/** Null for a container that the broker did not start by itself. */
function specOf({ Config }: Inspected): ContainerSpec | null {
  const label = Config.Labels?.[SPEC_LABEL];
  if (label === undefined) return null;
  try {
    return ContainerSpec.safeParse(JSON.parse(label)).data ?? null;
  } catch {
    return null; // a label of somebody else
  }
}

async function keepVolume(volume: string, { programs, folder }: KeepParts): Promise<void> {
  const text = await programs.ask(["docker", "volume", "inspect", volume]);
  const [found] = Volume.parse(JSON.parse(text ?? "[]"));
  if (found?.Driver !== "local") {
    throw new AppError("broker.failed", `The volume ${volume} cannot be copied: it is not on this machine`);
  }
  const archive = path.join(folder, `volume-${volume}.tar`);
  await programs.run(["tar", "--create", "--xattrs", `--file=${archive}`, `--directory=${found.Mountpoint}`, "."], {
    timeoutMs: 1_800_000,
  });
}

async function looseVolumes(programs: Programs): Promise<string[]> {
  return await lines(programs, ["volume", "ls", "--filter=dangling=true", "--format={{.Name}}"]);
}

async function looseImages(programs: Programs): Promise<string[]> {
  return await lines(programs, ["image", "ls", "--filter=dangling=true", "--no-trunc", "--format={{.ID}}"]);
}

async function lines(programs: Programs, words: readonly string[]): Promise<string[]> {
  const text = await programs.ask(["docker", ...words]);
  if (text === null) throw new AppError("broker.failed", `docker ${words.join(" ")} failed`);
  return text.split("\n").filter((line) => line !== "");
}
