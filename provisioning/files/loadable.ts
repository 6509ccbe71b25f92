import type { OurFile } from "./our-files.ts";

/** Whether systemd on this server can encrypt secrets: it came with version 250. */
export function canEncrypt({ distribution: { id, version } }: Installed): boolean {
  return !(id === "ubuntu" && version === "22.04");
}

/** A unit as this server's systemd can load its secrets: where it cannot encrypt, they are files that only root reads. */
export function loadable(server: Installed, unit: OurFile): OurFile {
  if (canEncrypt(server)) return unit;
  return { ...unit, text: unit.text.replaceAll("LoadCredentialEncrypted=", "LoadCredential=") };
}

interface Installed {
  readonly distribution: { readonly id: string; readonly version: string };
}
