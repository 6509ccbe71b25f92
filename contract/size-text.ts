const UNITS = ["bytes", "kB", "MB", "GB", "TB"];

/** For people: "812 bytes", "3.4 MB". */
export function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? String(size) : size.toFixed(size < 10 ? 1 : 0)} ${UNITS[unit] ?? ""}`;
}
