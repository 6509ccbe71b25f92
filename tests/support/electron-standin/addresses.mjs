import { schemeHandlers } from "./registry.mjs";

// Chromium takes no new schemes over the DevTools protocol, so `app://host/x` is loaded as an https address of its own
// and answered by the app's protocol handler.
const STANDIN_SUFFIX = "standin.test";

export const STANDIN_PATTERN = `https://*.${STANDIN_SUFFIX}/*`;

export function toChromium(address) {
  const parts = /^([a-z][\w+.-]*):\/\/([^/]*)(.*)$/i.exec(address);
  if (!parts || !schemeHandlers.has(parts[1])) return address;
  return `https://${parts[2]}.${parts[1]}.${STANDIN_SUFFIX}${parts[3]}`;
}

export function toApp(address) {
  return address.replace(/^https:\/\/([^/]*)\.([\w+-]+)\.standin\.test/, (_all, host, scheme) => `${scheme}://${host}`);
}

export function schemeOf(address) {
  return address.slice(0, address.indexOf(":"));
}
