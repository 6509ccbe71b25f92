import { choicesOf } from "../choices.ts";
import { restoreDocker, startDocker } from "../commands/docker.ts";
import { writeFile } from "../commands/write-file.ts";
import type { Facts } from "../facts.ts";
import { dockerConfig } from "../files/docker.ts";
import { differingFiles, planFiles } from "../files/plan-files.ts";
import { DOCKER_CONFIG } from "../layout.ts";
import { isOurDocker } from "../packages.ts";
import type { Step } from "../step.ts";
import type { Wanted } from "../wanted.ts";

/** Settings of somebody else and members of a swarm, which cannot keep containers over a restart, are left alone. */
export const docker: Step = {
  id: "docker",
  title: "Docker",
  area: "system",
  reason:
    "Agents run containers through the broker. Logs of containers stay small, and a restart of Docker stops none.",
  needs: ["packages", "configuration"],
  probes: ["docker", "paths", "upkeep"],
  plan(facts, wanted) {
    if (!isWanted(facts, wanted)) return [];
    const lines: string[] = [];
    const { running, liveRestore, isCurrent } = facts.docker;
    if (mayConfigure(facts)) {
      lines.push(...planFiles(facts, [dockerConfig]).map((line) => `${line}: logs of 3 x 10 MB, live-restore`));
      if (running && (lines.length > 0 || !liveRestore || !isCurrent)) lines.push("Restart Docker");
    }
    if (!running) lines.push("Start Docker, at boot too");
    return lines;
  },
  note(facts, wanted) {
    const { from, inSwarm } = facts.docker;
    if (!choicesOf(facts, wanted).docker) return from === "" ? "Not wanted on this server." : `${from} stays as it is.`;
    if (!isOurDocker(from)) return `Docker from ${from} was here already: it and its settings stay.`;
    const notes: string[] = [];
    if (isForeign(facts)) notes.push(`${DOCKER_CONFIG} is somebody else's and stays.`);
    if (inSwarm) notes.push("This server is in a swarm: its settings stay.");
    if (hasOldCompose(facts))
      notes.push("Debian 12 has no compose plugin: the program docker-compose 1.29 is installed.");
    return notes.join(" ") || null;
  },
  isLeftOut: (facts, wanted) => !choicesOf(facts, wanted).docker && facts.docker.from === "",
  async apply({ shell, facts, signal }) {
    if (mayConfigure(facts)) {
      for (const file of differingFiles(facts, [dockerConfig])) await shell.run(writeFile(file), { signal });
    }
    await shell.run(startDocker(), { signal, timeoutMs: 120_000 });
  },
  undo: {
    changes: [`Remove ${DOCKER_CONFIG} if it is ours; Docker and its containers stay`],
    command: restoreDocker(),
  },
};

function isWanted(facts: Facts, wanted: Wanted): boolean {
  return choicesOf(facts, wanted).docker && isOurDocker(facts.docker.from);
}

function mayConfigure(facts: Facts): boolean {
  return !facts.docker.inSwarm && !isForeign(facts);
}

/** There is one, with other content than ours. */
function isForeign(facts: Facts): boolean {
  return facts.paths[DOCKER_CONFIG] !== undefined && differingFiles(facts, [dockerConfig]).length > 0;
}

function hasOldCompose({ distribution }: Facts): boolean {
  return distribution.id === "debian" && distribution.version === "12";
}
