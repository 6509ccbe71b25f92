import { z } from "zod";
import { below, type SearchProvider, type SearchRequest } from "./provider.ts";

const Answer = z.object({
  results: z.array(z.object({ title: z.string().nullish(), url: z.string(), content: z.string().nullish() })),
});

/** The JSON API, which an operator switches on in `settings.yml` (`search.formats`). A key is for a proxy in front of it. */
export const searxng: SearchProvider = {
  label: "SearXNG",
  request(query, { url, key }) {
    const asked = below(url, "search");
    asked.searchParams.set("q", query);
    asked.searchParams.set("format", "json");
    const headers: SearchRequest["headers"] = key === null ? {} : { authorization: `Bearer ${key}` };
    return { url: asked, headers };
  },
  read(answer) {
    return Answer.parse(answer).results.map(({ title, url, content }) => {
      return { title: title ?? url, url, text: content ?? "" };
    });
  },
};
