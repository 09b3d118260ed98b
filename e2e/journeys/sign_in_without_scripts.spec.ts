import { NURSE } from "../support/people.ts";
import { expect, prove, test } from "../support/journey.ts";

test("a nurse signs in by the plain form, before any script has come", async ({ city, visit, browser }) => {
  const page = await visit({ javaScriptEnabled: false });
  const right = city.is.accounts.find((account) => account.user_id === NURSE)?.password ?? "";

  await test.step("a wrong password brings her back to the form with its sentence", async () => {
    await page.goto("/signin");
    await page.getByLabel("ユーザーID").fill(NURSE);
    await page.getByLabel("パスワード").fill("Shiokaze-27-hasi!");
    await page.getByRole("button", { name: "サインイン", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText("サインインできませんでした。");
  });

  await test.step("what lies behind the form cannot be reached without it", async () => {
    await page.goto("/api/patients");
    await expect(page.getByText("sign_in_first")).toBeVisible();
    await page.goto("/signin");
  });

  await test.step("the right one opens her home page, which waits for its scripts", async () => {
    await page.getByLabel("ユーザーID").fill(NURSE);
    await page.getByLabel("パスワード").fill(right);
    await page.getByRole("button", { name: "サインイン", exact: true }).click();
    await expect(page.getByLabel("ユーザーID")).toBeHidden();
    await prove(page, "000000");
    await expect(page.getByText("コードを確認できませんでした。")).toBeVisible();
    await prove(page, await city.code(NURSE));
    await expect(page).toHaveURL(`${city.url}/`);
    await expect(page.getByText("画面を準備しています。")).toBeVisible();
  });

  await test.step("where nobody can sign for a plain form, she is told to send it again", async () => {
    const words = "画面の準備が終わる前に送信されたため";
    await page.goto("/signin");
    await expect(page.getByText(words)).toBeHidden();
    await page.goto("/signin#unready");
    await expect(page.getByRole("alert").filter({ hasText: words })).toBeVisible();
    await expect(page.locator("#unready noscript")).toBeVisible();
    await expect(page.getByLabel("パスワード")).toBeVisible();
  });

  await test.step("the same session serves once scripts run", async () => {
    const storageState = await page.context().storageState();
    const scripted = await browser.newContext({ baseURL: city.url, storageState });
    const home = await scripted.newPage();
    await home.goto("/");
    await expect(home.getByRole("heading", { name: "ホーム" })).toBeVisible();
    await scripted.close();
  });
});
