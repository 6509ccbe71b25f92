/** The machine on the way to a server that something is about. */
export interface Where {
  /** Such as `web-1:2222`. */
  readonly host: string;
  readonly isJump: boolean;
}

/** At the beginning of a sentence. */
export function describeWhere({ host, isJump }: Where): string {
  return isJump ? `Jump host ${host}` : host;
}
