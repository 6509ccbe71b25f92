/** From the daemon to the program of the model. */
export interface EmbedRequest {
  readonly id: number;
  readonly texts: readonly string[];
}

/** One vector for each text, in their order. */
export type EmbedAnswer =
  | { readonly id: number; readonly vectors: readonly Float32Array[] }
  | { readonly id: number; readonly error: string };
