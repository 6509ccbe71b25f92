import type { ContainerSpec, ServiceSpec } from "../../contract/containers.ts";
import type { Argv } from "./programs.ts";

/**
 * How a container runs. One that sees folders of the host gets no capability and runs as the agent's own user: whatever
 * an agent puts in the place of such a folder, later too, the container can do no more to it than the agent.
 */
export interface Confinement {
  /** `uid:gid` of the agent. */
  readonly agentIds: string;
}

/** Under this label a container carries its own description, from which it can be made again. */
export const SPEC_LABEL = "ai-infrastructure.spec";

const MEMORY_MB = 1024;
const PROCESSES = 512;

export function dockerRun(name: string, spec: ContainerSpec, { agentIds }: Confinement): Argv {
  const { image, command = [], environment = {}, ports = [], mounts = [], network, restart = "no" } = spec;
  return [
    "docker",
    "run",
    "--detach",
    `--name=${name}`,
    `--label=${SPEC_LABEL}=${JSON.stringify(spec)}`,
    "--security-opt=no-new-privileges",
    `--pids-limit=${PROCESSES}`,
    `--memory=${spec.memoryMb ?? MEMORY_MB}m`,
    ...(spec.cpus === undefined ? [] : [`--cpus=${spec.cpus}`]),
    `--restart=${restart}`,
    ...(network === undefined ? [] : [`--network=${network}`]),
    ...(seesHost(spec) ? ["--cap-drop=ALL", `--user=${agentIds}`] : []),
    ...Object.entries(environment).map(([key, value]) => `--env=${key}=${value}`),
    ...ports.map((port) => `--publish=127.0.0.1:${port.host}:${port.container}/${port.protocol ?? "tcp"}`),
    ...mounts.map((mount) => `--mount=${mountWords(mount)}`),
    image,
    ...command,
  ];
}

type Mount = NonNullable<ServiceSpec["mounts"]>[number];

function mountWords(mount: Mount): string {
  const source = "folder" in mount ? `type=bind,source=${mount.folder}` : `type=volume,source=${mount.volume}`;
  return `${source},target=${mount.at}${mount.readOnly === true ? ",readonly" : ""}`;
}

/** The same for a project: a file in the format of Compose, whose values are never looked up in an environment. */
export function composeFile(services: Readonly<Record<string, ServiceSpec>>, confinement: Confinement): string {
  const volumes = Object.values(services).flatMap(({ mounts = [] }) =>
    mounts.flatMap((mount) => ("volume" in mount ? [[mount.volume, {}] as const] : [])),
  );
  const file = {
    version: "2.4",
    services: Object.fromEntries(
      Object.entries(services).map(([name, spec]) => [name, composeService(spec, confinement)]),
    ),
    volumes: Object.fromEntries(volumes),
  };
  return JSON.stringify(file, (_key, value: unknown) =>
    typeof value === "string" ? value.replaceAll("$", "$$$$") : value,
  );
}

function composeService(spec: ServiceSpec, { agentIds }: Confinement): Record<string, unknown> {
  const { image, command, environment = {}, ports = [], mounts = [], restart = "no" } = spec;
  return {
    image,
    ...(command && { command }),
    environment,
    ports: ports.map((port) => `127.0.0.1:${port.host}:${port.container}/${port.protocol ?? "tcp"}`),
    volumes: mounts.map((mount) => ({
      ...("folder" in mount ? { type: "bind", source: mount.folder } : { type: "volume", source: mount.volume }),
      target: mount.at,
      read_only: mount.readOnly === true,
    })),
    restart,
    mem_limit: `${spec.memoryMb ?? MEMORY_MB}m`,
    pids_limit: PROCESSES,
    ...(spec.cpus !== undefined && { cpus: spec.cpus }),
    security_opt: ["no-new-privileges:true"],
    ...(seesHost(spec) && { cap_drop: ["ALL"], user: agentIds }),
  };
}

function seesHost({ mounts = [] }: ServiceSpec): boolean {
  return mounts.some((mount) => "folder" in mount);
}
