import { MEMORY_MODEL_PROGRAM } from "../../contract/memory-model.ts";
import { bringArtifact, describeUpload, type Placed } from "../bring-artifact.ts";
import { rootScript } from "../commands/script.ts";
import type { Facts } from "../facts.ts";
import { MEMORY_MODEL_DIR } from "../layout.ts";
import type { Step } from "../step.ts";
import type { Wanted } from "../wanted.ts";

/** Beside the releases: it stays the same when the daemon changes. */
export const memoryModel: Step = {
  id: "memory-model",
  title: "Model of the memory",
  area: "data",
  reason: "Finds by meaning what the team remembers, on the server itself: it needs no key and no other computer.",
  // On a slow line Node and the daemon go first: others wait for them, and nobody waits for the model.
  needs: ["runtime"],
  probes: ["memoryModel"],
  plan: (facts, wanted) => missingFiles(facts, wanted).map(describeUpload),
  async apply(context) {
    const { shell, facts, wanted, signal } = context;
    await shell.run(rootScript(`install -d -o root -g root -m 755 "$1"`, MEMORY_MODEL_DIR), { signal });
    for (const file of missingFiles(facts, wanted)) await bringArtifact(file, context);
  },
  undo: { changes: [`Remove ${MEMORY_MODEL_DIR}`], command: rootScript(`rm -rf "$1"`, MEMORY_MODEL_DIR) },
};

/** The program is the last: where it is, what it runs is there too. */
function missingFiles({ memoryModel: present }: Facts, { release }: Wanted): readonly Placed[] {
  const missing = release.memoryModel.filter(({ name, artifact }) => present[name] !== artifact.sha256);
  return missing
    .toSorted((one, other) => Number(one.name === MEMORY_MODEL_PROGRAM) - Number(other.name === MEMORY_MODEL_PROGRAM))
    .map(({ name, artifact }) => ({ title: name, artifact, path: `${MEMORY_MODEL_DIR}/${name}`, mode: "644" }));
}
