import type { Page } from "@playwright/test";
import { expect } from "./journey.ts";

/** What a printed letter says. */
export interface Letter {
  userId: string;
  password: string;
  pages: number;
}

/** Makes the letter of the case on the screen, prints it, and reads the paper. */
export async function printLetter(page: Page): Promise<Letter> {
  // No printer here: the window opens and stays open until the paper was read.
  await page.evaluate(() => (window.print = () => undefined));
  await page.getByRole("button", { name: /^封書を作/ }).click();
  await page.getByRole("button", { name: "印刷する", exact: true }).click();
  const secret = page.locator(".letter-secret");
  await expect(secret, "the screen never shows the password").toBeHidden();
  const password = (await secret.textContent()) ?? "";
  const userId = await page.locator(".letter-code").first().innerText();
  const paper = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  await expect(page.locator(".letter"), "after printing it is gone").toHaveCount(0);
  return { userId, password, pages: paper.match(/\/Type\s*\/Page\b/g)?.length ?? 0 };
}
