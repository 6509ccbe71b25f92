/** Requests that any team can do at once, offered where nothing has been said yet. */
export const FIRST_MESSAGES = [
  "List the files in the workspace",
  'Ask code to write hello.txt with "hello", then read it',
  "Ask infra to run the command uptime",
] as const;
