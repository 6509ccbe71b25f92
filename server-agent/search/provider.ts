/** How one provider is asked, and how its answer reads. */
export interface SearchProvider {
  readonly label: string;
  request(query: string, place: SearchPlace): SearchRequest;
  /** Throws when it is no answer of this provider. */
  read(answer: unknown): SearchResult[];
}

export interface SearchPlace {
  readonly url: string;
  readonly key: string | null;
}

export interface SearchRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

export interface SearchResult {
  readonly title: string;
  readonly url: string;
  readonly text: string;
}

/** Below the address that was set, which may be a folder of a site. */
export function below(url: string, name: string): URL {
  return new URL(name, url.endsWith("/") ? url : `${url}/`);
}
