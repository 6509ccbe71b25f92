import { ShieldCheck } from "lucide-react";
import { Button } from "../../ui/button.tsx";
import { startCheck } from "./check-trail.ts";
import { useCheck } from "./store.ts";

export function VerifyButton({ serverId, online }: { readonly serverId: string; readonly online: boolean }) {
  const running = useCheck(serverId).state === "running";
  return (
    <Button look="primary" busy={running} disabled={!online} onClick={() => void startCheck(serverId)}>
      {!running && <ShieldCheck className="icon" aria-hidden />}
      {running ? "Verifying" : "Verify now"}
    </Button>
  );
}
