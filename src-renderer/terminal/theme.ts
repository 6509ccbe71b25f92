import type { ITheme } from "@xterm/xterm";

const DARK = {
  black: "#3b4047",
  red: "#f08a80",
  green: "#74cf97",
  yellow: "#e5bd6d",
  blue: "#86b5f5",
  magenta: "#c6a2f2",
  cyan: "#4fcaca",
  white: "#d4d7db",
  brightBlack: "#858b94",
  brightRed: "#ffa59c",
  brightGreen: "#92e3b1",
  brightYellow: "#f5d390",
  brightBlue: "#a8cbfb",
  brightMagenta: "#dabff8",
  brightCyan: "#7be0e0",
  brightWhite: "#f4f5f6",
};

const LIGHT = {
  black: "#2a2e34",
  red: "#b3261e",
  green: "#11703c",
  yellow: "#855500",
  blue: "#1f5fae",
  magenta: "#7a3fb3",
  cyan: "#006a70",
  white: "#565b63",
  brightBlack: "#666b74",
  brightRed: "#c8372d",
  brightGreen: "#1b8049",
  brightYellow: "#916000",
  brightBlue: "#2b70c4",
  brightMagenta: "#8c50c6",
  brightCyan: "#007a80",
  brightWhite: "#22262b",
};

/** The app's surface and text colours with sixteen that keep their contrast on it. */
export function terminalTheme(dark: boolean): ITheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => resolveColour(style.getPropertyValue(name));
  return {
    ...(dark ? DARK : LIGHT),
    background: token("--code"),
    foreground: token("--text"),
    cursor: token("--accent"),
    cursorAccent: token("--code"),
    selectionBackground: dark ? "#2f6a6d99" : "#8cc7c999",
  };
}

/** `light-dark(…)` and oklch as the plain colour that xterm reads. */
function resolveColour(value: string): string {
  const probe = document.createElement("span");
  probe.style.color = value;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  if (!canvas) return "#888888";
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}
