import { z } from "zod";
import { below, type SearchProvider, type SearchRequest } from "./provider.ts";

const Answer = z.object({
  web: z
    .object({
      results: z.array(z.object({ title: z.string(), url: z.string(), description: z.string().nullish() })),
    })
    .nullish(),
});

/** Brave Search API: web search. */
export const brave: SearchProvider = {
  label: "Brave Search",
  request(query, { url, key }) {
    const asked = below(url, "res/v1/web/search");
    asked.searchParams.set("q", query);
    const headers: SearchRequest["headers"] = key === null ? {} : { "x-subscription-token": key };
    return { url: asked, headers };
  },
  read(answer) {
    const results = Answer.parse(answer).web?.results ?? [];
    return results.map(({ title, url, description }) => ({ title, url, text: description ?? "" }));
  },
};
