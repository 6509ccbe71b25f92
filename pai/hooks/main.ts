// `node pai/hooks/main.ts NAME`: one of our hooks as a program.
import { runAsProgram } from "./run-as-program.ts";

await runAsProgram(process.argv[2]);
