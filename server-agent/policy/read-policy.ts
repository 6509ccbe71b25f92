import { Policy } from "../../contract/permissions.ts";

/** The policy in force. A broken file answers nothing for a person: grants and auto-approvals rest until it is mended. */
export type PolicyInForce =
  | { readonly state: "ok"; readonly policy: Policy }
  | { readonly state: "broken"; readonly complaint: string };

export const DEFAULT_POLICY: PolicyInForce = { state: "ok", policy: { autoApprove: [], deny: [] } };

/** `text`: of the policy file; null when there is none, which means the defaults. */
export function readPolicy(text: string | null): PolicyInForce {
  if (text === null) return DEFAULT_POLICY;
  try {
    const read = Policy.safeParse(JSON.parse(text));
    if (read.success) return { state: "ok", policy: read.data };
    const complaints = read.error.issues.map(({ path, message }) => `${path.join(".") || "the file"}: ${message}`);
    return { state: "broken", complaint: complaints.join("; ") };
  } catch (error) {
    return { state: "broken", complaint: error instanceof Error ? error.message : String(error) };
  }
}
