import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware } from "ssh2";

/** Offers the methods in order; `onRefused` hears after each refusal what the server would take. */
export function offerMethods(
  methods: readonly AnyAuthMethod[],
  onRefused: (taken: readonly AuthenticationType[]) => void,
): AuthHandlerMiddleware {
  const left = [...methods];
  return (taken: readonly AuthenticationType[] | null, _partial, next) => {
    if (taken) onRefused(taken);
    // `false` ends the login, which the types leave out.
    next(left.shift() ?? (false as unknown as AnyAuthMethod));
  };
}
