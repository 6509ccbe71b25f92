import { AppError } from "../../contract/errors.ts";
import { installLoginKey, removeLoginKeys } from "../commands/login-key.ts";
import type { Step } from "../step.ts";

/** For a login by password: the step that refuses passwords needs another way in. */
export const loginKey: Step = {
  id: "login-key",
  title: "Key of this app",
  area: "security",
  reason: "A password can be guessed or told to the wrong server. With a key of its own, the app needs none.",
  needs: ["services"],
  probes: [],
  plan({ signedInWith, user }) {
    if (signedInWith !== "password") return [];
    return [`Install a key of this app for ${user}, kept on this computer, and sign in with it from then on`];
  },
  async apply({ shell, signal, log }) {
    const { appKey } = shell;
    if (!appKey) throw new Error("This way to the server has no key of the app");
    await shell.run(installLoginKey(await appKey.publicLine()), { signal });
    log("Logging in a second time, with the key");
    await appKey.adopt(signal).catch((cause: unknown) => {
      throw cause instanceof AppError && cause.code === "connection.auth_failed" ? refused(cause) : cause;
    });
  },
  undo: {
    changes: ["Remove the app's key from each account that has another key, or a password that the server takes"],
    command: removeLoginKeys(),
  },
};

function refused(cause: AppError): AppError {
  return new AppError("provision.step_failed", "The server refuses the key that was installed", {
    hint: "Passwords stay allowed. Look at PubkeyAuthentication and AuthorizedKeysFile of its SSH server.",
    details: cause.message,
    cause,
  });
}
