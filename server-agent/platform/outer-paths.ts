/** Sorted, each once, without those that lie in another one of them. */
export function outerPaths(paths: readonly string[]): string[] {
  const different = [...new Set(paths)].sort();
  return different.filter((place) => !different.some((outer) => place !== outer && place.startsWith(`${outer}/`)));
}
