import type { Page } from "@playwright/test";

/** What WCAG asks of small text. */
const READABLE = 4.5;

/** The words in a terminal that are too faint, by the colours their cells are drawn in. */
export async function unreadable(page: Page, window: string): Promise<string[]> {
  const texts = await page.locator(`[data-terminal=${window}] .xterm-rows`).evaluate((rows) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    if (!canvas) throw new Error("No canvas to read colours with");
    /** `over` is what shows through. */
    const paint = (colour: string, over: string): string => {
      canvas.fillStyle = over;
      canvas.fillRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
      return `rgb(${red}, ${green}, ${blue})`;
    };
    const luminance = (colour: string): number => {
      const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map((part) => {
        const share = Number(part) / 255;
        return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const backgroundOf = (element: Element | null): string =>
      element === null
        ? "white"
        : paint(getComputedStyle(element).backgroundColor, backgroundOf(element.parentElement));
    const cells = [...rows.querySelectorAll("span")].filter((cell) => cell.textContent.trim() !== "");
    return cells.map((cell) => {
      const background = backgroundOf(cell);
      const [dark = 0, light = 0] = [background, paint(getComputedStyle(cell).color, background)]
        .map(luminance)
        .sort((one, other) => one - other);
      return { ratio: (light + 0.05) / (dark + 0.05), text: cell.textContent };
    });
  });
  if (texts.length === 0) throw new Error("The terminal shows nothing");
  return texts.filter(({ ratio }) => ratio < READABLE).map(({ ratio, text }) => `${ratio.toFixed(1)}: ${text}`);
}
