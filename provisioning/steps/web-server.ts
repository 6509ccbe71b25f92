import { configureNginx, restoreNginx } from "../commands/nginx.ts";
import { refreshFacts } from "../facts.ts";
import type { Facts } from "../facts.ts";
import { nginxFiles, wantsDefault } from "../files/nginx.ts";
import { planFiles } from "../files/plan-files.ts";
import type { Step, StepContext } from "../step.ts";

export const webServer: Step = {
  id: "web-server",
  title: "nginx",
  area: "web",
  reason: "Sites get good TLS, headers and limits from snippets; whoever asks for no known name gets no answer.",
  needs: ["packages", "configuration"],
  probes: ["web", "paths"],
  plan(facts) {
    const { web } = facts;
    const lines = [...planFiles(facts, nginxFiles(web))];
    if (wantsDefault(web)) {
      if (web.exampleSite) lines.push("Switch off the distribution's example site");
      if (!web.defaultEnabled) lines.push("Give no answer to who asks for no known name");
    }
    if (!web.running) lines.push("Start nginx, at boot too");
    // A site may listen on the address that is asked here.
    if (lines.length === 0 && wantsDefault(web) && web.sites.length === 0 && !web.silent)
      lines.push("Load the configuration of nginx");
    return lines;
  },
  note({ web }) {
    const kept: string[] = [];
    if (!wantsDefault(web))
      kept.push(`Sites here go on as they are, and say who answers to unknown names: ${web.sites.join(", ")}.`);
    if (web.foreign.length > 0) kept.push(`Written by somebody else and left alone: ${web.foreign.join(", ")}.`);
    if (web.ownCompression) kept.push("Compression is set up here already and stays.");
    return kept.length > 0 ? kept.join(" ") : null;
  },
  async apply(context) {
    const { shell, signal } = context;
    const { web } = await lookAgain(context);
    const configuration = { files: nginxFiles(web), withDefault: wantsDefault(web), isExampleOn: web.exampleSite };
    await shell.run(configureNginx(configuration), { signal });
  },
  undo: {
    changes: [
      "Remove our part of nginx's configuration; nginx and all sites stay",
      "Switch the example site on again if it was",
    ],
    command: restoreNginx(),
  },
};

/** On a fresh server nginx has come with the packages, after the facts were read. */
async function lookAgain({ shell, facts, signal }: StepContext): Promise<Facts> {
  return { ...facts, ...(await refreshFacts(shell, facts, { probes: ["web"], signal })) };
}
