import { Choices } from "../contract/provision.ts";
import type { Facts } from "./facts.ts";
import type { OurFile } from "./files/our-files.ts";
import { CHOICES_FILE } from "./layout.ts";
import type { Wanted } from "./wanted.ts";

/** What a person wishes now, else what was chosen before, else what a fresh server gets. */
export function choicesOf({ upkeep }: Pick<Facts, "upkeep">, { wishes }: Pick<Wanted, "wishes">): Choices {
  const before = parsePresent(upkeep.choices);
  return { docker: wishes.docker ?? before.docker, rebootAt: wishes.rebootAt ?? before.rebootAt };
}

export function choicesFile(choices: Choices): OurFile {
  return { path: CHOICES_FILE, mode: "644", text: `${JSON.stringify(choices, null, 2)}\n` };
}

function parsePresent(text: string): Choices {
  try {
    return Choices.safeParse(JSON.parse(text)).data ?? Choices.parse({});
  } catch {
    return Choices.parse({}); // not JSON, or none yet
  }
}
