/** An argument list as one POSIX shell line that means exactly these arguments. The only place where that is done. */
export function quote(argv: readonly string[]): string {
  return argv.map(quoteArgument).join(" ");
}

function quoteArgument(argument: string): string {
  if (argument.includes("\0")) throw new Error("An argument cannot hold a zero byte");
  if (/^[A-Za-z0-9_/.:=@%+,-]+$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}
