import { createHash } from "node:crypto";
import { canonicalJson } from "../../contract/canonical-json.ts";

export interface Action {
  readonly agent: string;
  readonly tool: string;
  readonly input: unknown;
}

/** What an approval is bound to: another agent, tool or byte of the input is another action. */
export function actionHash({ agent, tool, input }: Action): string {
  return createHash("sha256").update(canonicalJson({ agent, tool, input })).digest("hex");
}
