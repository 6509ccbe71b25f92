import { readFile } from "node:fs/promises";
import { AppError } from "../../contract/errors.ts";

/** The number of a Unix group of this machine. */
export async function groupId(group: string): Promise<number> {
  const lines = (await readFile("/etc/group", "utf8")).split("\n");
  const entry = lines.map((line) => line.split(":")).find(([name]) => name === group);
  const id = Number(entry?.[2]);
  if (entry && Number.isInteger(id)) return id;
  throw new AppError("daemon.unhealthy", `The Unix group ${group} does not exist`, {
    hint: "Provision this server again; it creates the users of the agents.",
  });
}
