import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

const isMissing = (name) => /chacha20/i.test(name);

/** Electron's crypto is BoringSSL, which offers Node no `chacha20` ciphers; code that names them fails there. */
export function hideWhatBoringSslLacks() {
  const { getCiphers } = crypto;
  crypto.getCiphers = () => getCiphers().filter((name) => !isMissing(name));
  for (const method of ["createCipheriv", "createDecipheriv"]) {
    const original = crypto[method];
    crypto[method] = (algorithm, ...rest) => {
      if (isMissing(algorithm)) throw new Error("Unknown cipher");
      return original(algorithm, ...rest);
    };
  }
  syncBuiltinESMExports();
}
