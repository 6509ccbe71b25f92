import type { Argv, TeamSpec } from "./spec.ts";

export function redisArgv(spec: TeamSpec["redis"]): Argv {
  const settings: Readonly<Record<string, string>> = {
    port: "0",
    unixsocket: spec.socket,
    unixsocketperm: "700",
    dir: spec.folder,
    appendonly: "yes",
    appendfsync: "everysec",
    save: "",
    "maxmemory-policy": "noeviction",
    daemonize: "no",
  };
  return [spec.program, ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])];
}
