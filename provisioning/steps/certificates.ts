import { startRenewal } from "../commands/certificates.ts";
import { removeFiles, writeFile } from "../commands/write-file.ts";
import { certificateHook } from "../files/nginx.ts";
import { differingFiles, planFiles } from "../files/plan-files.ts";
import { CERTIFICATE_HOOK } from "../layout.ts";
import type { Step } from "../step.ts";

export const certificates: Step = {
  id: "certificates",
  title: "Renewal of certificates",
  area: "web",
  reason: "certbot looks twice a day for certificates that end soon; nginx loads what was renewed.",
  needs: ["packages", "web-server"],
  probes: ["web", "paths"],
  plan(facts) {
    const lines = [...planFiles(facts, [certificateHook])];
    if (!facts.web.renewalTimer) lines.push("Start certbot.timer, at boot too");
    return lines;
  },
  async apply({ shell, facts, signal }) {
    for (const file of differingFiles(facts, [certificateHook])) await shell.run(writeFile(file), { signal });
    await shell.run(startRenewal(), { signal });
  },
  undo: {
    changes: [`Remove ${CERTIFICATE_HOOK}; certificates and their renewal stay`],
    command: removeFiles(CERTIFICATE_HOOK),
  },
};
