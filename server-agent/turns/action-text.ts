import { canonicalJson } from "../../contract/canonical-json.ts";
import type { CallRequest } from "../../contract/console-api.ts";
import { storableText } from "../store/storable-text.ts";

/** What a person is shown: a command as it is, any other input whole. */
export function actionText({ tool, input }: Pick<CallRequest, "tool" | "input">): string {
  const command = (input as { command?: unknown } | null)?.command;
  if (tool === "run_command" && typeof command === "string") return storableText(command);
  return storableText(`${tool} ${canonicalJson(input)}`);
}
