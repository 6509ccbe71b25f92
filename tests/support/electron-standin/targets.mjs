import { onBrowserEvent, forgetSession, send } from "./chromium.mjs";
import { allContents } from "./registry.mjs";

const sessions = new Map();

/** The DevTools session of a page that we opened. */
export function attachedSession(targetId) {
  return sessionPromise(targetId).promise;
}

onBrowserEvent((method, parameters) => {
  if (method === "Target.attachedToTarget") onAttached(parameters.targetInfo, parameters.sessionId);
  if (method === "Target.detachedFromTarget") forgetSession(parameters.sessionId);
});

function onAttached(target, sessionId) {
  const opener = [...allContents.values()].find((contents) => contents.targetId === target.openerId);
  if (target.openerId !== undefined && opener) {
    void closePopup(target, sessionId);
    return;
  }
  resume(sessionId).catch(() => {});
  sessionPromise(target.targetId).resolve(sessionId);
}

/** The opener's page has asked the app by then, which may only deny. */
async function closePopup(target, sessionId) {
  // Closing a popup that is still paused hangs its opener: let it run with every request held, then close it.
  await Promise.allSettled([send("Fetch.enable", {}, sessionId), resume(sessionId)]);
  await send("Target.closeTarget", { targetId: target.targetId }).catch(() => {});
}

function resume(sessionId) {
  return send("Runtime.runIfWaitingForDebugger", {}, sessionId);
}

function sessionPromise(targetId) {
  const known = sessions.get(targetId);
  if (known) return known;
  const promise = Promise.withResolvers();
  sessions.set(targetId, promise);
  return promise;
}
