import { type Browser, type BrowserContextOptions, type Locator, type Page, test as base, expect } from "@playwright/test";
import { City } from "./city.ts";

export { expect };
export { sharedPatient } from "./api.ts";

/** Lets somebody come to a browser of their own and sign in. */
type Enter = (userId: string, options?: BrowserContextOptions) => Promise<Page>;

/** Opens a browser in front of which nobody has signed in yet. */
type Visit = (options?: BrowserContextOptions) => Promise<Page>;

interface Journey {
  city: City;
  visit: Visit;
  enter: Enter;
}

/** Every journey has a city of its own, so that none sees what another left. */
export const test = base.extend<Journey>({
  city: async ({}, use, info) => {
    const city = await City.start();
    await use(city);
    await city.close();
    if (info.status !== info.expectedStatus) await info.attach("server.log", { body: city.log });
  },

  visit: async ({ browser, city }, use) => {
    const troubles: string[] = [];
    const pages: Page[] = [];
    await use(async (options) => {
      const page = await open(browser, { baseURL: city.url, ...options }, troubles);
      pages.push(page);
      return page;
    });
    for (const page of pages) await page.context().close();
    expect(troubles, "what the browser complained about").toEqual([]);
  },

  enter: async ({ city, visit }, use) => {
    await use(async (userId, options) => {
      const page = await visit(options);
      await page.goto("/signin");
      await signIn(page, city, userId);
      return page;
    });
  },
});

async function open(browser: Browser, options: BrowserContextOptions, troubles: string[]): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  page.on("pageerror", (error) => troubles.push(`error: ${error.message}`));
  page.on("console", (message) => {
    // Refused and failed requests are part of many journeys; scripts and policies that fail are of none.
    const expected = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !expected) troubles.push(message.text());
  });
  return page;
}

/** Types who one is and waits for the home page. */
export async function signIn(page: Page, city: City, userId: string): Promise<void> {
  const account = city.is.accounts.find((one) => one.user_id === userId);
  await page.getByLabel("ユーザーID").fill(userId);
  await page.getByLabel("パスワード").fill(account?.password ?? "");
  await page.getByRole("button", { name: "サインイン", exact: true }).click();
  await prove(page, await city.code(userId));
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText("サインイン");
}

/** Shows the second factor by a code. */
export async function prove(page: Page, code: string): Promise<void> {
  await page.getByLabel("確認コード").fill(code);
  await page.getByRole("button", { name: "確認してサインイン" }).click();
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole("banner").getByRole("button", { name: "サインアウト" }).click();
  await expect(page.getByRole("heading", { name: "サインイン", exact: true })).toBeVisible();
}

/** Somebody's name, as screens show it. */
export function nameOf(city: City, userId: string): string {
  const account = city.is.accounts.find((one) => one.user_id === userId);
  if (account === undefined) throw new Error(`nobody is ${userId}`);
  return account.name;
}

/** Opens a patient's book from the list. */
export async function openBook(page: Page, name: string): Promise<void> {
  await page.goto("/patients");
  await page.getByRole("link", { name: `${name} さん` }).click();
  await expect(page.getByRole("heading", { name: `${name}さんの連絡帳` })).toBeVisible();
}

/** The note with this text. */
export function noteWith(page: Page, text: string): Locator {
  return page.getByRole("article").filter({ hasText: text });
}

/** The form in which a note is written. */
export function composer(page: Page): Locator {
  return page.getByRole("form", { name: "連絡を書く" });
}
