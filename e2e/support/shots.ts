import type { Page } from "@playwright/test";

/** Keeps a picture of the whole page for people to look at, when they ask for it with SHOTS=1. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (process.env["SHOTS"] !== "1") return;
  await page.screenshot({ path: `test-results/shots/${name}.png`, fullPage: true });
}
