import { z } from "zod";

/** Who searches the web for agents, beside the model's own provider. */
export const SearchProviderName = z.enum(["searxng", "brave"]);
export type SearchProviderName = z.infer<typeof SearchProviderName>;

export const BRAVE_SEARCH_URL = "https://api.search.brave.com";

const HTTPS = /^https:\/\/[\w.-]+(:\d{1,5})?(\/[^\s?#@]*)?$/;
const ON_THIS_MACHINE = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?(\/[^\s?#@]*)?$/;

/** `http` is for one on the same machine, such as SearXNG beside the team. No login: the key is given by itself. */
const SearchUrl = z
  .string()
  .max(1024)
  .refine(
    (text) => HTTPS.test(text) || ON_THIS_MACHINE.test(text),
    "must be an address such as https://search.example, or http://127.0.0.1:8888 for one on the same machine",
  );

/** Where agents search. It holds no secret: the key is the credential `search-key`. */
export const WebSearch = z.object({ provider: SearchProviderName, url: SearchUrl });
export type WebSearch = z.infer<typeof WebSearch>;

/** Given in a header of a request, so it is one word of plain characters. */
export const SearchKey = z
  .string()
  .min(8)
  .max(512)
  .regex(/^[\x21-\x7e]+$/, "must be one word without spaces");

/** `search` null: by the model's own provider. `key` null: the one it has, as long as it is for the same address. */
export const WebSearchWish = z.object({ search: WebSearch.nullable(), key: SearchKey.nullable() });
export type WebSearchWish = z.infer<typeof WebSearchWish>;

/** A key is for one provider at one address, and never sent to another. */
export function isSameSearch(one: WebSearch | null | undefined, other: WebSearch | null | undefined): boolean {
  return one?.provider === other?.provider && one?.url === other?.url;
}
