import { Download } from "lucide-react";
import type { Server } from "../../../contract/servers.ts";
import { Button } from "../../ui/button.tsx";
import { download, fileNameOf } from "../../ui/download.ts";
import { useProvisioning } from "./store.ts";
import { summaryOf } from "./summary.ts";

/** Saves what is installed, open ports, users, fingerprints and what to do next as a Markdown file. */
export function SaveSummary({ server }: { readonly server: Server }) {
  const { overview, plan, run } = useProvisioning(server.id);
  if (overview.state !== "ready") return null;
  const save = () => {
    const steps = run.plan ?? (plan.state === "ready" ? plan.plan : null);
    const text = summaryOf({ server, overview: overview.overview, plan: steps });
    const name = fileNameOf({ what: "server", serverName: server.name, ending: "md" }, new Date());
    download(new Blob([text], { type: "text/markdown" }), name);
  };
  return (
    <Button size="small" onClick={save}>
      <Download className="icon" aria-hidden />
      Save summary
    </Button>
  );
}
