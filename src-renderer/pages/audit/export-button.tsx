import { Download } from "lucide-react";
import { useRef, useState } from "react";
import { toast } from "sonner";
import type { Server } from "../../../contract/servers.ts";
import { pageError } from "../../errors/page-error.ts";
import { Button, Spinner } from "../../ui/button.tsx";
import { exportTrail } from "./export-trail.ts";

/** Downloads the trail; while it does, the button says how far it is and stops it. */
export function ExportButton({ server }: { readonly server: Server }) {
  const [records, setRecords] = useState<number | null>(null);
  const stop = useRef<AbortController>(null);
  async function start(): Promise<void> {
    const controller = new AbortController();
    stop.current = controller;
    setRecords(0);
    try {
      const { id: serverId, name: serverName } = server;
      await exportTrail({ serverId, serverName, signal: controller.signal, onProgress: setRecords });
    } catch (error) {
      if (!controller.signal.aborted) toast.error(`The trail was not exported. ${pageError(error).message}`);
    } finally {
      setRecords(null);
    }
  }
  if (records !== null) {
    return (
      <Button onClick={() => stop.current?.abort()}>
        <Spinner />
        <span className="tabular-nums">Stop exporting, {records.toLocaleString()} read</span>
      </Button>
    );
  }
  return (
    <Button onClick={() => void start()}>
      <Download className="icon" aria-hidden />
      Export
    </Button>
  );
}
