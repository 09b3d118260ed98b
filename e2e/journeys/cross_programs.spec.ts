import { CITY_OFFICIAL, DOCTOR, NURSE } from "../support/people.ts";
import { composer, expect, openBook, sharedPatient, signIn, test } from "../support/journey.ts";

test("a nurse goes from a book to the care team and back: one site, whatever loads it", async ({ city, enter }) => {
  const page = await enter(NURSE);
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const loaded = async () => page.evaluate(() => document.querySelector('link[rel="modulepreload"]')?.getAttribute("href"));

  await openBook(page, patient.name);
  const book = `${city.url}/patients/${patient.id}`;
  expect(await loaded()).toContain("book");
  await composer(page).getByLabel("本文").fill("書きかけの連絡");

  await test.step("a link leads into the other program, which shows the page as it was asked for", async () => {
    await page.getByRole("link", { name: "支援チーム", exact: true }).click();
    await expect(page.getByRole("heading", { name: `${patient.name}さんの支援チーム` })).toBeVisible();
    expect(page.url()).toBe(`${book}/team`);
    expect(await loaded()).toContain("offices");
  });

  await test.step("within it, links load no page; reload stays", async () => {
    await page.evaluate(() => Object.assign(window, { same: true }));
    await page.getByRole("link", { name: "同意", exact: true }).click();
    await expect(page.getByRole("heading", { name: `${patient.name}さんの同意` })).toBeVisible();
    expect(await page.evaluate(() => "same" in window)).toBe(true);
    await page.reload();
    await expect(page.getByRole("heading", { name: `${patient.name}さんの同意` })).toBeVisible();
  });

  await test.step("going back leads page by page to the book, where the draft waits", async () => {
    await page.goBack();
    await expect(page.getByRole("heading", { name: `${patient.name}さんの支援チーム` })).toBeVisible();
    await page.goBack();
    await expect(page.getByRole("heading", { name: `${patient.name}さんの連絡帳` })).toBeVisible();
    expect(page.url()).toBe(book);
    await expect(composer(page).getByLabel("本文")).toHaveValue("書きかけの連絡");
    await page.goForward();
    await expect(page.getByRole("heading", { name: `${patient.name}さんの支援チーム` })).toBeVisible();
  });
});

test("everybody begins in their own program, and sign-in leads back to where one wanted to be", async ({ city, enter, visit }) => {
  await test.step("an official's home page is the offices', also by the site's address", async () => {
    const page = await enter(CITY_OFFICIAL);
    await expect(page).toHaveURL(`${city.url}/office`);
    await page.goto("/");
    await expect(page).toHaveURL(`${city.url}/office`);
    await expect(page.getByRole("heading", { level: 1, name: "ホーム" })).toBeVisible();
  });

  await test.step("a nurse who follows a link to a request signs in and is there", async () => {
    const page = await visit();
    await page.goto("/ask/inquiry");
    await expect(page).toHaveURL(/\/signin\?next=%2Fask%2Finquiry$/);
    await signIn(page, city, NURSE);
    await expect(page).toHaveURL(`${city.url}/ask/inquiry`);
    await page.getByRole("navigation", { name: "メニュー", exact: true }).getByRole("link", { name: "患者一覧" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "患者一覧" })).toBeVisible();
    await expect(page).toHaveURL(`${city.url}/patients`);
  });
});
