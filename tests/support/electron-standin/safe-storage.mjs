import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";

// Models a desktop with a keyring: the key lives outside the app's folders. `STANDIN_KEYRING=none` models one without.
const hasKeyring = process.env.STANDIN_KEYRING !== "none";
const keyFile = path.join(os.tmpdir(), `electron-standin-keyring-${process.getuid()}`);
const HEADER_BYTES = 12;
const TAG_BYTES = 16;

export const safeStorage = {
  isEncryptionAvailable: () => hasKeyring,
  getSelectedStorageBackend: () => (hasKeyring ? "gnome_libsecret" : "basic_text"),
  encryptString(text) {
    if (!hasKeyring) throw new Error("Error while encrypting the text provided to safeStorage.encryptString.");
    const nonce = randomBytes(HEADER_BYTES);
    const cipher = createCipheriv("aes-256-gcm", key(), nonce);
    return Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  },
  decryptString(sealed) {
    try {
      const decipher = createDecipheriv("aes-256-gcm", key(), sealed.subarray(0, HEADER_BYTES));
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      return decipher.update(sealed.subarray(HEADER_BYTES, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
    } catch {
      throw new Error("Error while decrypting the ciphertext provided to safeStorage.decryptString.");
    }
  },
};

function key() {
  try {
    writeFileSync(keyFile, randomBytes(32), { flag: "wx", mode: 0o600 });
  } catch {
    // The key exists since an earlier start.
  }
  return readFileSync(keyFile);
}
