// What Electron's executable does at start: read the command line, load the app's main file, then boot Chromium.
import { readFileSync, statSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { hideWhatBoringSslLacks } from "./boring-ssl.mjs";

const electronUrl = new URL("electron.mjs", import.meta.url).href;

/** Both `import "electron"` and `require("electron")` get the stand-in. */
registerHooks({
  resolve(specifier, context, next) {
    if (/^electron(\/(main|common|renderer))?$/.test(specifier)) {
      return { url: electronUrl, format: "module", shortCircuit: true };
    }
    return next(specifier, context);
  },
});

const [, , executable, ...parameters] = process.argv;
const line = readCommandLine(parameters);
process.argv = [executable, ...parameters];
process.defaultApp = true;
Object.defineProperty(process, "type", { value: "browser" });
Object.defineProperty(process, "resourcesPath", { value: import.meta.dirname });
Object.defineProperty(process.versions, "electron", { value: "0.0.0-standin" });
hideWhatBoringSslLacks();

const { app } = await import("./app.mjs");
const { bootChromium } = await import("./chromium.mjs");

const target = describeApp(path.resolve(line.entry));
app.describe(target);
for (const [name, value] of line.switches) app.commandLine.appendSwitch(name, value);

const require = createRequire(import.meta.url);
for (const module of line.preloadModules) require(module);
try {
  await import(pathToFileURL(target.file).href);
} catch (error) {
  console.error("App threw an error during load\n", error);
  process.exit(1);
}
// Electron gets ready only after the main file has been evaluated: a main file that waits for it at the top hangs.
const devToolsLine = await bootChromium(app.chromiumOptions());
app.becomeReady();
// Playwright's launch waits for this line.
process.stderr.write(`${devToolsLine}\n`);

function readCommandLine(parameters) {
  const line = { entry: ".", switches: [], preloadModules: [] };
  let hasEntry = false;
  for (let index = 0; index < parameters.length; index += 1) {
    const parameter = parameters[index];
    const option = /^--([^=]+)=?(.*)$/.exec(parameter);
    if (parameter === "-r" || parameter === "--require") {
      index += 1;
      line.preloadModules.push(parameters[index]);
    } else if (option && !option[1].startsWith("inspect")) {
      line.switches.push([option[1], option[2]]);
    } else if (!parameter.startsWith("-") && !hasEntry) {
      line.entry = parameter;
      hasEntry = true;
    }
  }
  return line;
}

function describeApp(entry) {
  if (!statSync(entry).isDirectory()) {
    return { file: entry, folder: path.dirname(entry), name: "Electron", version: "0.0.0" };
  }
  const manifest = JSON.parse(readFileSync(path.join(entry, "package.json"), "utf8"));
  return {
    file: path.resolve(entry, manifest.main ?? "index.js"),
    folder: entry,
    name: manifest.productName ?? manifest.name,
    version: manifest.version,
  };
}
