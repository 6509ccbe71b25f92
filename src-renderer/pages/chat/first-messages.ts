/** Requests that any team can do at once, offered where nothing has been said yet. */
export const FIRST_MESSAGES = [
  "List the files in the workspace",
  'Ask code to write a file hello.txt that says "hello"',
  "Ask infra to run the command uptime",
] as const;
