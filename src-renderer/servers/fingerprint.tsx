import type { HostKey } from "../../contract/servers.ts";
import { CopyButton } from "../ui/copy-button.tsx";

interface FingerprintProps {
  readonly hostKey: HostKey;
  readonly label: string;
  readonly tone?: "plain" | "bad";
}

/** A key's fingerprint in groups that two people can read to each other. */
export function Fingerprint({ hostKey, label, tone = "plain" }: FingerprintProps) {
  const [kind = "", value = ""] = hostKey.fingerprint.split(/:(.*)/s);
  const groups = value.match(/.{1,8}/g) ?? [];
  return (
    <div className={`card flex items-start gap-2 bg-code px-3 py-2.5 ${tone === "bad" ? "border-bad" : ""}`}>
      <div className="min-w-0 flex-1">
        <p className="text-small text-dim">
          {label} <span className="text-faint">({hostKey.algorithm})</span>
        </p>
        <p className="mt-1 flex flex-wrap gap-x-2 font-mono text-[12.5px]">
          <span className="text-faint">{kind}:</span>
          {groups.map((group, index) => (
            <span key={index}>{group}</span>
          ))}
        </p>
      </div>
      <CopyButton text={hostKey.fingerprint} label="Copy the fingerprint" />
    </div>
  );
}
