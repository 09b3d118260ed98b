import type { Locator, Page } from "@playwright/test";
import { expectNoBarriers, expectNoSidewaysScroll } from "./axe.ts";
import { expect } from "./journey.ts";
import { shoot } from "./shots.ts";

/** How people look at a page: on a desktop, on a phone, each with the text at twice its size. */
export const LOOKS = [
  { name: "1280", width: 1280, text: "100%" },
  { name: "1280 at 200%", width: 1280, text: "200%" },
  { name: "390", width: 390, text: "100%" },
  { name: "390 at 200%", width: 390, text: "200%" },
];

/** A page as it stands: no barriers, nothing cut off at the side, and a picture if somebody wants one. */
export async function look(page: Page, what: string): Promise<void> {
  await expect(page.getByText("読み込んでいます", { exact: true })).toHaveCount(0);
  await expectNoSidewaysScroll(page, what);
  const window = page.viewportSize() ?? { width: 1280, height: 900 };
  // As high as the page: whether bars lie over a button here or there is a matter of scrolling.
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ ...window, height: Math.max(window.height, Math.min(height, 12_000)) });
  await expectNoBarriers(page, what);
  await page.setViewportSize(window);
  await shoot(page, what.replaceAll(" ", "-").replace("%", ""));
}

/** Something can be pressed: nothing lies over it, wherever one scrolls. */
export async function expectPressable(what: Locator, name: string): Promise<void> {
  const refused = await what.click({ trial: true, timeout: 5_000 }).then(() => "", String);
  expect.soft(refused, `${name} can be pressed`).toBe("");
}

/** A page of the application at every look. `open` brings it to the state that is looked at. */
export async function lookAtAll(page: Page, what: string, open: () => Promise<void>): Promise<void> {
  for (const { name, width, text } of LOOKS) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    // The very thing that the person's corner keeps; `change_text_size` chooses it as people do.
    await page.evaluate((size) => localStorage.setItem("tsunagaru.text-size", size), text.replace("%", ""));
    await open();
    await look(page, `${what} ${name}`);
  }
}
