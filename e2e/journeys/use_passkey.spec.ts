import type { Page } from "@playwright/test";
import { NURSE } from "../support/people.ts";
import { expect, signOut, test } from "../support/journey.ts";

/** A device that verifies its owner and keeps passkeys, as phones and PCs do. */
async function addDevice(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true } as const;
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
  });
}

test("a nurse registers a passkey and signs in with it alone; then she ends it", async ({ city, enter }) => {
  const page = await enter(NURSE);
  await addDevice(page);
  const password = city.is.accounts.find((account) => account.user_id === NURSE)?.password ?? "";
  const dialog = page.getByRole("dialog");

  await test.step("in her settings she adds this device, after a wrong password was refused", async () => {
    await page.goto("/me");
    await page.getByRole("listitem").filter({ hasText: "この端末の指紋" }).getByRole("button", { name: "追加する" }).click();
    await dialog.getByLabel("今のパスワード").fill("Shiokaze-27-hasi!");
    await dialog.getByLabel("端末の呼び名").fill("事業所のタブレット");
    await dialog.getByRole("button", { name: "この端末にパスキーを登録" }).click();
    await expect(dialog.getByRole("alert")).toContainText("今のパスワードが違います。");
    await dialog.getByLabel("今のパスワード").fill(password);
    await dialog.getByRole("button", { name: "この端末にパスキーを登録" }).click();
    await expect(page.getByText("登録しました。")).toBeVisible();
    await expect(page.getByText("パスキー「事業所のタブレット」")).toBeVisible();
  });

  await test.step("next time one press is enough: no user id, no password", async () => {
    await signOut(page);
    await page.getByRole("button", { name: "パスキーでサインイン" }).click();
    await expect(page.getByRole("heading", { name: "ホーム" })).toBeVisible();
    await page.goto("/me");
    await expect(page.getByRole("listitem").filter({ hasText: "パスキー" }).filter({ hasText: "接続元" }).first()).toBeVisible();
  });

  await test.step("a locked screen opens with it too", async () => {
    await page.getByRole("banner").getByRole("button", { name: "画面ロック" }).click();
    await expect(dialog).toContainText("画面をロックしています");
    await dialog.getByRole("button", { name: "パスキーで解く" }).click();
    await expect(dialog).toBeHidden();
  });

  await test.step("removed, it opens nothing any more", async () => {
    await page.goto("/me");
    await page.getByRole("listitem").filter({ hasText: "事業所のタブレット" }).getByRole("button", { name: "外す" }).click();
    await dialog.getByLabel("今のパスワード").fill(password);
    await dialog.getByRole("button", { name: "外す" }).click();
    await expect(page.getByText("パスキーを外しました。")).toBeVisible();
    await signOut(page);
    await page.getByRole("button", { name: "パスキーでサインイン" }).click();
    await expect(page.getByRole("alert")).toContainText("パスキーを確認できませんでした。");
  });
});
