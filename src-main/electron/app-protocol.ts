import { protocol } from "electron";
import { serveAsset } from "../assets/serve-asset.ts";
import { APP_SCHEME, isOurs } from "./origin.ts";

/** Inline styles are needed by xterm, which colours its cells with them. Nothing else is allowed in from outside. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const SECURITY_HEADERS = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
};

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
    return new Response(asset.body, { status: asset.status, headers: { ...asset.headers, ...SECURITY_HEADERS } });
  });
}
