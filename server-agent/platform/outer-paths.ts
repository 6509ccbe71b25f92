/** Sorted, each once, without those that lie in another one of them; with `/` at its end a path is all that is in it. */
export function outerPaths(paths: readonly string[]): string[] {
  const different = [...new Set(paths)].sort();
  const isIn = (place: string, outer: string): boolean =>
    place !== outer && place.startsWith(outer.endsWith("/") ? outer : `${outer}/`);
  return different.filter((place) => !different.some((outer) => isIn(place, outer)));
}
