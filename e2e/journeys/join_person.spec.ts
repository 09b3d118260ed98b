import { CITY_OFFICIAL, MANAGER } from "../support/people.ts";
import { expect, test } from "../support/journey.ts";
import { printLetter, type Letter } from "../support/letter.ts";
import { totp } from "../support/totp.ts";

test("a person joins: asked by the facility, decided by the city, let in by the letter", async ({ enter, visit }) => {
  const manager = await enter(MANAGER);
  const official = await enter(CITY_OFFICIAL);
  let letter: Letter = { userId: "", password: "", pages: 0 };

  await test.step("the facility manager asks; what is missing is said beside the field", async () => {
    await manager.goto("/people");
    await manager.getByRole("link", { name: "新しい利用者の追加を依頼する" }).click();
    await manager.getByLabel("氏名", { exact: false }).first().fill("新田 葵");
    await manager.getByLabel("氏名のよみ").fill("新田");
    await manager.getByRole("button", { name: "市に依頼する" }).click();
    await expect(manager.getByText("ひらがなで入力してください。").last()).toBeVisible();
    await manager.getByLabel("氏名のよみ").fill("にった あおい");
    await manager.getByLabel("職種").selectOption("看護師");
    await manager.getByRole("radio", { name: "利用者", exact: true }).check();
    await manager.getByLabel("連絡先").fill("0568-00-1234");
    await manager.getByLabel("理由").fill("12月1日採用");
    await manager.getByRole("button", { name: "市に依頼する" }).click();
    await expect(manager.getByRole("heading", { level: 1 })).toHaveText("利用者の追加（A-2026-0001）");
    await expect(manager.getByText("相手の操作を待っています。")).toBeVisible();
  });

  await test.step("the city finds it on its home page, decides the proposed user id, registers", async () => {
    await official.goto("/");
    await official.getByRole("link", { name: "A-2026-0001" }).click();
    await official.getByRole("button", { name: "決定して登録する" }).click();
    const dialog = official.getByRole("dialog", { name: "決定して登録する" });
    await expect(dialog.getByLabel("ユーザーID")).toHaveValue(/^hinata-n\d\d$/);
    await dialog.getByRole("button", { name: "決定して登録する" }).click();
    await expect(dialog).toBeHidden();
  });

  await test.step("the letter is one A4 page; the screen does not show the password", async () => {
    letter = await printLetter(official);
    expect(letter.pages).toBe(1);
    expect(letter.password).toMatch(/^([0-9a-z]{4}-){3}[0-9a-z]{4}$/);
    expect(await official.content()).not.toContain(letter.password);
    await official.reload();
    expect(await official.content()).not.toContain(letter.password);
  });

  await test.step("posted, and received by the facility", async () => {
    await official.getByRole("button", { name: "発送を記録する" }).click();
    await official.getByRole("dialog").getByRole("button", { name: "発送を記録する" }).click();
    await expect(official.getByRole("dialog")).toBeHidden();
    await manager.reload();
    await manager.getByRole("button", { name: "受領を確認する" }).click();
    await manager.getByRole("dialog").getByRole("button", { name: "受領を確認する" }).click();
    await expect(manager.getByText("この案件は終わっています。")).toBeVisible();
  });

  await test.step("the new nurse signs in: own password, authenticator app, recovery codes, first page", async () => {
    const page = await visit();
    await page.goto(`/signin#id=${letter.userId}`);
    await expect(page.getByLabel("ユーザーID")).toHaveValue(letter.userId);
    await page.getByLabel("パスワード").fill(letter.password);
    await page.getByRole("button", { name: "サインイン", exact: true }).click();
    await expect(page.getByRole("heading", { name: "はじめてのサインイン" })).toBeVisible();
    await page.getByLabel("新しいパスワード").fill("nurse-12345-nurse");
    await page.getByRole("button", { name: "このパスワードにする" }).click();
    await expect(page.getByText("推測されやすい言葉が入っています。")).toBeVisible();
    await page.getByLabel("新しいパスワード").fill("Mizu-no-oto 27 kaeru");
    await page.getByRole("button", { name: "このパスワードにする" }).click();
    await page.getByRole("button", { name: /認証アプリを使う/ }).click();
    const secret = await page.locator(".secret").innerText();
    const now = (await page.evaluate(async () => (await fetch("/api/session")).json())) as { now: string };
    await page.getByLabel("6桁の数字").fill(totp(secret, Date.parse(now.now)));
    await page.getByRole("button", { name: "確認して登録" }).click();
    await expect(page.locator(".codes li")).toHaveCount(10);
    await page.getByRole("button", { name: "控えました。連絡帳を始める" }).click();
    await expect(page.getByRole("heading", { name: "ホーム" })).toBeVisible();
    await expect(page.getByRole("banner")).toContainText("新田 葵");
  });

  await test.step("the manager sees her at work", async () => {
    await manager.goto("/people");
    const row = manager.getByRole("listitem").filter({ hasText: letter.userId });
    await expect(row).toContainText("利用中");
    await expect(row).toContainText("最後のサインイン: 今日");
  });
});
