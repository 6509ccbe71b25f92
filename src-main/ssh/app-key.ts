import ssh2 from "ssh2";
import { AppError } from "../../contract/errors.ts";
import { APP_KEY_COMMENT } from "../../provisioning/layout.ts";
import type { AppKeyStore } from "../servers/app-keys.ts";
import type { Credentials } from "./handshake.ts";

/** The app's key as something to log in with; null when there is none. */
export async function appKeyCredentials(store: AppKeyStore | null, username: string): Promise<Credentials | null> {
  const key = await store?.read();
  if (key === undefined || key === null) return null;
  return {
    description: "the key of this app",
    methods: [{ type: "publickey", username, key }],
    signsInWith: "key",
    otherwise: "a_person",
  };
}

/** Its line for `authorized_keys`; the key is made when there is none. */
export async function publicLineOf(store: AppKeyStore): Promise<string> {
  const known = await store.read();
  const privateKey = known ?? ssh2.utils.generateKeyPairSync("ed25519", { comment: APP_KEY_COMMENT }).private;
  if (known === null) await store.keep(privateKey);
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error) {
    throw new AppError("connection.key_unreadable", "The key that this app keeps for the server cannot be read", {
      cause: key,
    });
  }
  return `${key.type} ${key.getPublicSSH().toString("base64")} ${APP_KEY_COMMENT}`;
}
