import { shell, type Session, type WebContents } from "electron";
import { externalLink, isOurs } from "./origin.ts";

/** What our page may ask the system for. */
const ALLOWED_PERMISSIONS: ReadonlySet<string> = new Set(["clipboard-sanitized-write"]);

/** Keeps a page where it is: no other address, no second window, no embedded page. Links go to the person's browser. */
export function confinePage(contents: WebContents): void {
  const stay = (event: { readonly url: string; readonly isMainFrame: boolean; preventDefault(): void }) => {
    if (isOurs(event.url) && event.isMainFrame) return;
    event.preventDefault();
    if (event.isMainFrame) openLink(event.url);
  };
  contents.on("will-navigate", stay);
  contents.on("will-redirect", stay);
  contents.on("will-frame-navigate", (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    openLink(url);
    return { action: "deny" };
  });
}

/** Denies every permission but the few the page uses, and those to anybody but our page. */
export function limitPermissions(session: Session): void {
  session.setPermissionRequestHandler((...[, permission, decide, details]) => {
    decide(ALLOWED_PERMISSIONS.has(permission) && isOurs(details.requestingUrl));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => ALLOWED_PERMISSIONS.has(permission) && isOurs(origin),
  );
  session.setDevicePermissionHandler(() => false);
}

function openLink(address: string): void {
  const link = externalLink(address);
  if (link !== null) void shell.openExternal(link);
}
