import type { Locator, Page } from "@playwright/test";
import { expect } from "./journey.ts";

/// Opens a page of the portal until something stands on it: its files are written by whoever has them in hand, which may be the
/// schedule a moment later.
export async function seenOnPortal(page: Page, path: string, what: (page: Page) => Locator): Promise<void> {
  await expect(async () => {
    await page.goto(path);
    await expect(what(page)).toBeVisible({ timeout: 500 });
  }).toPass();
}
