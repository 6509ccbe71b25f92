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

/** Memory and disks as they are sold, in units of 1024: "812 MB", "3.8 GB", "36 GB". */
export function memoryText(megabytes: number): string {
  if (megabytes < 1024) return `${Math.round(megabytes)} MB`;
  const gigabytes = megabytes / 1024;
  return `${gigabytes.toFixed(gigabytes < 10 ? 1 : 0)} GB`;
}
