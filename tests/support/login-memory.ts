import type { LoginMemory } from "../../src-main/servers/link.ts";

/** Knows no secret and keeps nothing. */
export const emptyMemory: LoginMemory = {
  pin: async () => {},
  keepAuth: async () => {},
  appKey: null,
  secrets: {
    passphrase: async () => undefined,
    keepPassphrase: async () => {},
    password: () => undefined,
    keepPassword: () => {},
  },
};
