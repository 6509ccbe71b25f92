import { z } from "zod";
import type { Lines } from "./fact-lines.ts";
import { DOCKER_CONFIG } from "./layout.ts";

export const DockerFacts = z.object({
  /** The package that brought it; "another program" when none did, empty when there is no Docker. */
  from: z.string(),
  running: z.boolean(),
  /** Containers go on while Docker is restarted. */
  liveRestore: z.boolean(),
  /** It was started since its settings were written. */
  isCurrent: z.boolean(),
  inSwarm: z.boolean(),
});
export type DockerFacts = z.infer<typeof DockerFacts>;

export const DOCKER_PROBE = `
if command -v dockerd >/dev/null || command -v docker >/dev/null; then
  from=$(dpkg-query -S '*bin/dockerd' 2>/dev/null | head -n 1 | cut -d: -f1)
  p docker.from "\${from:-another program}"
  if runs docker; then
    p docker.running yes
    settings=$(timeout 5 docker info --format '{{.LiveRestoreEnabled}} {{.Swarm.LocalNodeState}}' 2>/dev/null)
    case $settings in true*) p docker.liveRestore yes ;; *" active") p docker.inSwarm yes ;; esac
    is_since docker ${DOCKER_CONFIG} && p docker.current yes
  fi
fi
true`;

export function toDocker(lines: Lines): DockerFacts {
  const has = (name: string) => lines.has(`docker.${name}`);
  return {
    from: lines.get("docker.from")?.[0] ?? "",
    running: has("running"),
    liveRestore: has("liveRestore"),
    isCurrent: has("current"),
    inSwarm: has("inSwarm"),
  };
}
