const START = /(?<!<)<<-?\s*(['"]?)(\w+)\1/;

/**
 * A shell line without the texts it hands on: what is written into a file is not what runs. Texts for programs that run
 * them stay, and so do lines in which the shell itself runs something.
 */
export function withoutDocuments(command: string, runsItsInput: (line: string) => boolean): string {
  const lines = command.split("\n");
  const kept: string[] = [];
  let document: { readonly end: string; readonly isQuoted: boolean } | null = null;
  for (const [at, line] of lines.entries()) {
    if (document) {
      if (line.trim() === document.end) document = null;
      else if (!document.isQuoted && /\$\(|`/.test(line)) kept.push(line);
      continue;
    }
    kept.push(line);
    const [, quote = "", end = ""] = START.exec(line) ?? [];
    if (end === "" || runsItsInput(line)) continue;
    if (lines.indexOf(end, at) !== -1) document = { end, isQuoted: quote !== "" };
  }
  return kept.join("\n");
}
