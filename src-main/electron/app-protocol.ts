import { protocol } from "electron";
import { securityHeaders } from "../assets/security-headers.ts";
import { serveAsset } from "../assets/serve-asset.ts";
import { APP_SCHEME, isOurs } from "./origin.ts";

/** Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the files of the built page under `app://ai-infrastructure/`. */
export function serveApp(pageFolder: string): void {
  protocol.handle(APP_SCHEME, async (request) => {
    if (!isOurs(request.url) || request.method !== "GET") return new Response(null, { status: 404 });
    const asset = await serveAsset(pageFolder, new URL(request.url).pathname);
    return new Response(asset.body, { status: asset.status, headers: { ...asset.headers, ...securityHeaders() } });
  });
}
