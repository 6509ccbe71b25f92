import { AppError } from "../../contract/errors.ts";
import { sizeText } from "../../contract/size-text.ts";

interface Size {
  readonly targets: readonly string[];
  readonly bytes: number;
  readonly maxBytes: number;
}

export function tooLarge({ targets, bytes, maxBytes }: Size): AppError {
  const held = `${targets.join(", ")} ${targets.length === 1 ? "holds" : "hold"} ${sizeText(bytes)}`;
  return new AppError("snapshot.not_taken", `${held}, and a snapshot holds at most ${sizeText(maxBytes)}`, {
    hint: "Destroy less at a time, or let a person raise snapshots.maxBytes in the daemon's configuration",
  });
}
