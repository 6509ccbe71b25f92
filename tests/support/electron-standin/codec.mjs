/**
 * Structured clone as JSON, for what crosses between page and main here: plain values and bytes. Also runs in the page
 * (its source is sent there), so it must not use anything outside itself.
 */
export function makeCodec() {
  const refuse = (what) => {
    throw new Error(`An object could not be cloned: ${what}`);
  };
  const toBase64 = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
    return btoa(text);
  };
  const fromBase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

  const encode = (value) => {
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (value === undefined) return { kind: "undefined" };
    if (typeof value === "number") return { kind: "number", text: String(value) };
    if (typeof value !== "object") return refuse(typeof value);
    if (value instanceof ArrayBuffer) return { kind: "buffer", data: toBase64(new Uint8Array(value)) };
    // A clone of a view carries the whole buffer under it, as in Chromium.
    if (value instanceof Uint8Array) {
      const { byteOffset, byteLength } = value;
      return { kind: "bytes", data: toBase64(new Uint8Array(value.buffer)), byteOffset, byteLength };
    }
    if (Array.isArray(value)) return { kind: "array", items: value.map(encode) };
    if (![Object.prototype, null].includes(Object.getPrototypeOf(value))) return refuse(value.constructor.name);
    return { kind: "object", entries: Object.entries(value).map(([key, item]) => [key, encode(item)]) };
  };

  const decode = (value) => {
    if (value === null || typeof value !== "object") return value;
    switch (value.kind) {
      case "undefined":
        return undefined;
      case "number":
        return Number(value.text);
      case "buffer":
        return fromBase64(value.data).buffer;
      case "bytes":
        return new Uint8Array(fromBase64(value.data).buffer, value.byteOffset, value.byteLength);
      case "array":
        return value.items.map(decode);
      default:
        return Object.fromEntries(value.entries.map(([key, item]) => [key, decode(item)]));
    }
  };
  return { encode, decode };
}
