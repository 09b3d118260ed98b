import { NURSE } from "../support/people.ts";
import { expect, nameOf, prove, signOut, test } from "../support/journey.ts";

test("a nurse mistypes her password, loses nothing, and signs in", async ({ city, visit }) => {
  const page = await visit();
  const userId = page.getByLabel("ユーザーID");
  const password = page.getByLabel("パスワード");
  const send = page.getByRole("button", { name: "サインイン", exact: true });
  const right = city.is.accounts.find((account) => account.user_id === NURSE)?.password ?? "";

  await test.step("she opens a page of the application and is asked who she is", async () => {
    await page.goto("/patients");
    await expect(page).toHaveURL(/\/signin\?next=%2Fpatients$/);
    await expect(page.locator("body")).toMatchAriaSnapshot({ name: "sign-in.aria.yml" });
  });

  await test.step("a wrong password is said beside the form, and what she typed stays", async () => {
    await userId.fill(NURSE);
    await password.fill("Shiokaze-27-hasi!");
    await send.click();
    await expect(page.getByRole("alert")).toHaveText("ユーザーIDまたはパスワードが違います。");
    await expect(userId).toHaveValue(NURSE);
    await expect(password).toHaveValue("Shiokaze-27-hasi!");
    await expect(password).toBeFocused();
  });

  await test.step("a user id that does not exist gets the very same sentence", async () => {
    await userId.fill("nobody-0000");
    await send.click();
    await expect(page.getByRole("alert")).toHaveText("ユーザーIDまたはパスワードが違います。");
  });

  await test.step("full-width letters are noticed and mended", async () => {
    await userId.fill("ｈｉｎａｔａ－ｎ０１");
    await expect(page.getByText("全角の文字が入っています。半角で入力してください。")).toBeVisible();
    await page.getByRole("button", { name: "半角に直す" }).click();
    await expect(userId).toHaveValue(NURSE);
  });

  await test.step("the right one brings her to the page that she wanted", async () => {
    await password.fill(right);
    await send.click();
    await expect(page.getByLabel("確認コード")).toBeFocused();
    await prove(page, "000000");
    await expect(page.getByRole("alert")).toContainText("コードが違います。");
    await expect(page.getByLabel("確認コード")).toHaveValue("000000");
    await prove(page, await city.code(NURSE));
    await expect(page.getByRole("heading", { name: "患者一覧" })).toBeVisible();
    await expect(page).toHaveURL(`${city.url}/patients`);
    await expect(page.getByRole("banner")).toContainText(nameOf(city, NURSE));
  });

  await test.step("after signing out, going back shows no patient", async () => {
    await page.getByRole("link", { name: "ホーム" }).first().click();
    await expect(page.getByRole("heading", { name: "ホーム" })).toBeVisible();
    await signOut(page);
    await expect(page.getByText("サインアウトしました。")).toBeVisible();
    await page.goBack();
    await expect(page.getByRole("heading", { name: "サインイン", exact: true })).toBeVisible();
  });
});
