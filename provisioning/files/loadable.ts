import type { OurFile } from "./our-files.ts";

/** A unit as this server's systemd can load its secrets: where it cannot encrypt, they are files that only root reads. */
export function loadable({ canEncrypt }: { readonly canEncrypt: boolean }, unit: OurFile): OurFile {
  if (canEncrypt) return unit;
  return { ...unit, text: unit.text.replaceAll("LoadCredentialEncrypted=", "LoadCredential=") };
}
