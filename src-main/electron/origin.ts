export const APP_SCHEME = "app";
export const APP_HOST = "ai-infrastructure";
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/index.html`;

const MAX_LINK_LENGTH = 2048;

/** Whether an address belongs to our own page. */
export function isOurs(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === `${APP_SCHEME}:` && url.host === APP_HOST && url.username === "" && url.password === "";
}

/** The address to open in the person's browser, or null when it must not be opened. */
export function externalLink(address: string): string | null {
  if (address.length > MAX_LINK_LENGTH) return null;
  const url = URL.parse(address);
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "") return null;
  return url.href;
}
