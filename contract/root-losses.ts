import { z } from "zod";

/** What a command as root would destroy, as far as its words say. */
export const RootLosses = z.object({
  /** Absolute paths; with `/` at the end, all that is in that folder. */
  files: z.array(z.string()),
  /**
   * Absolute paths of files that are written over, when there is a file; with `/` at the end, all that is in that folder,
   * when there is one.
   */
  overwritten: z.array(z.string()),
  /** Folders whose repositories git would change. */
  repositories: z.array(z.string()),
  /** Of PostgreSQL on this machine. Without tables: the whole database. */
  databases: z.array(z.object({ name: z.string(), tables: z.array(z.string()) })),
  /** Of which nothing can be kept, for people. */
  unkept: z.array(z.string()),
});
export type RootLosses = z.infer<typeof RootLosses>;

export function databaseWords({ name, tables }: RootLosses["databases"][number]): string {
  return tables.length === 0 ? `the database ${name}` : `${tables.join(", ")} of the database ${name}`;
}

/** For the question to a person: what is kept before, and of what nothing can be. Null when nothing is known to be lost. */
export function describeRootLosses(losses: RootLosses): string | null {
  const { files, repositories, databases, unkept } = losses;
  const kept = [
    ...files,
    ...repositories.map((folder) => `the repository of ${folder}`),
    ...databases.map(databaseWords),
  ];
  const overwritten = overwrittenBesides(losses);
  const said = [
    ...(kept.length > 0 ? [`kept before it: ${kept.join(", ")}`] : []),
    ...(overwritten.length > 0 ? [`kept before it, if it is there: ${overwritten.join(", ")}`] : []),
    ...(unkept.length > 0 ? [`nothing can be kept of ${unkept.join(", ")}`] : []),
  ];
  return said.length > 0 ? said.join("; ") : null;
}

/** Without what is kept with something else. */
function overwrittenBesides({ files, overwritten }: RootLosses): string[] {
  const folders = [...files, ...overwritten.filter((place) => place.endsWith("/"))];
  const isIn = (place: string, outer: string): boolean => place.startsWith(outer.endsWith("/") ? outer : `${outer}/`);
  return overwritten.filter((place) => {
    if (files.includes(place) || overwritten.includes(`${place}/`)) return false;
    return !folders.some((outer) => outer !== place && isIn(place, outer));
  });
}
