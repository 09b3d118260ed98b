import { readFile } from "node:fs/promises";
import { CITY_OFFICIAL, NURSE, OPERATOR, SYSTEM_ADMIN } from "../support/people.ts";
import { lookAtAll } from "../support/barriers.ts";
import { expect, test } from "../support/journey.ts";
import type { Page } from "@playwright/test";

/** Presses a step, fills in its form by label, confirms. */
async function step(page: Page, name: string, texts: Record<string, string>, choices: string[] = []): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
  const dialog = page.getByRole("dialog", { name });
  for (const [label, text] of Object.entries(texts)) await dialog.getByLabel(label).fill(text);
  for (const choice of choices) {
    const box = dialog.getByRole("checkbox", { name: choice, exact: true });
    await ((await box.count()) > 0 ? box : dialog.getByRole("radio", { name: choice, exact: true })).check();
  }
  await dialog.getByRole("button", { name, exact: true }).click();
  await expect(dialog).toBeHidden();
}

test("an incident: cut, evidence, measure, recovery, Form 3", async ({ enter, visit }) => {
  test.setTimeout(240_000);
  const nurse = await enter(NURSE);
  const admin = await enter(SYSTEM_ADMIN);

  await test.step("the administrator opens the incident of a leak", async () => {
    await admin.goto("/cases");
    await admin.getByRole("link", { name: "障害・情報漏えい", exact: true }).click();
    await admin.getByRole("radio", { name: "情報漏えい" }).check();
    await admin.getByLabel("件名").fill("宛先の誤り");
    await admin.getByLabel("発見日時").fill("2026-11-20T09:30");
    await admin.getByLabel("発見箇所").fill("通知の送信");
    await admin.getByLabel("内容").fill("1通が別の施設に届いた。");
    await admin.getByLabel("影響範囲").fill("1施設");
    await admin.getByLabel("漏えいした人数（見込み）").fill("1");
    await admin.getByRole("button", { name: "送信する" }).click();
    await expect(admin.getByRole("heading", { level: 1 })).toHaveText("障害・情報漏えい（I-2026-0001）");
    await expect(admin.getByText("個人情報保護委員会への速報")).toBeVisible();
    await expect(admin.getByText("今の連絡方法（図3）")).toBeVisible();
  });

  await test.step("cut: the nurse is out and told to wait, what she typed is hers", async () => {
    await step(admin, "ネットワークを切断する", { やむを得ない理由: "広がるおそれ" });
    await expect(admin.getByText("切断中").first()).toBeVisible();
    await nurse.getByRole("link", { name: "患者一覧" }).first().click();
    await expect(nurse.getByRole("dialog", { name: "もう一度サインイン" })).toBeVisible();
    const page = await visit();
    await page.goto("/signin");
    await page.getByLabel("ユーザーID").fill(NURSE);
    await page.getByLabel("パスワード").fill("Shiokaze-27-hashi!");
    await page.getByRole("button", { name: "サインイン", exact: true }).click();
    await expect(page.getByText("ただいまサービスを止めています。")).toBeVisible();
  });

  await test.step("the steps in their order; recovery is not there before", async () => {
    await expect(admin.getByRole("button", { name: "復旧する" })).toHaveCount(0);
    await step(
      admin,
      "市への連絡を記録する",
      { "市の相手": "介護保険課", 確認した状況: "1通の誤送信を確認" },
      ["電話"],
    );
    await step(admin, "アクセス記録と現状を保存する", {});
    await expect(admin.getByText("目録のハッシュ値（SHA-256）")).toBeVisible();
    await step(admin, "経過を記録する", { 経過: "宛先の一覧を確認した" });
    await step(admin, "原因と対処予定を記録する", { 原因: "設定の誤り", 連係した関係箇所: "なし", 今後の対処予定: "設定を直す" });
    await expect(admin.getByRole("button", { name: "復旧する" })).toHaveCount(0);
    const operator = await enter(OPERATOR);
    await operator.getByRole("link", { name: "I-2026-0001" }).click();
    await step(
      operator,
      "利用者への周知を記録する",
      { "周知した内容（影響がないときは、その理由）": "ただいま止めています。正午に再開の見込みです。" },
      ["ある", "ポータル"],
    );
    await admin.reload();
    await step(admin, "証拠保全の完了を記録する", { 保全した証拠: "操作記録", 再発防止の暫定処置の検討結果: "二重の確認" });
    await step(admin, "暫定措置を記録する", { 講じた暫定措置: "送信の前に宛先を二重に確認する" });
    await step(admin, "復旧する", { 復旧の方法と確認: "設定を直し、送信を確認した" });
    await expect(admin.getByText("稼働中").first()).toBeVisible();
  });

  await test.step("the nurse is back", async () => {
    const again = await enter(NURSE);
    await expect(again.getByRole("heading", { name: "ホーム" })).toBeVisible();
  });

  await test.step("Form 3 goes to the city, and the leak is over when its reports were made", async () => {
    await step(admin, "報告書（様式第3）を提出する", { 処置: "本人に謝罪した", システム管理業務で対応できない再発防止策: "なし" });
    const official = await enter(CITY_OFFICIAL);
    await official.getByRole("link", { name: "I-2026-0001" }).click();
    await official.getByRole("link", { name: "様式第３（事故報告書）" }).click();
    const sheet = official.getByRole("article", { name: "システム障害・情報漏えい事故報告書" });
    await expect(sheet.getByRole("row", { name: /原因/ })).toContainText("設定の誤り");
    await expect(sheet.getByRole("row", { name: /経過/ })).toContainText("ネットワークを切断 広がるおそれ");
    const [download] = await Promise.all([
      official.waitForEvent("download"),
      official.getByRole("button", { name: "PDFで保存する" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("様式第３（事故報告書）_I-2026-0001.pdf");
    expect((await readFile(await download.path())).subarray(0, 5).toString()).toBe("%PDF-");
    // One A4 page, and a further one for each text that is too long for its box: here the course.
    const annexes = await sheet.getByRole("heading", { name: /^別紙/ }).count();
    const printed = await official.pdf({ format: "A4" });
    expect(printed.toString("latin1").match(/\/Type\s*\/Page[^s]/g)?.length).toBe(1 + annexes);
    const address = official.url();
    await lookAtAll(official, "form 3", async () => {
      await official.goto(address);
      await expect(sheet).toBeVisible();
    });
    await lookAtAll(admin, "incident", async () => {
      await admin.reload();
      await expect(admin.getByRole("heading", { name: "事案の状況" })).toBeVisible();
    });
    await official.goto(new URL(admin.url()).pathname);
    await step(official, "報告書を受領する", { 協議会に報告しない理由: "影響が小さい" });
    await expect(official.getByText("受領済み（漏えいの報告・通知の記録待ち）").first()).toBeVisible();
    for (const told of ["個人情報保護委員会への速報", "個人情報保護委員会への確報", "本人への通知"]) {
      await step(official, "市の報告・通知を記録する", { 内容: "控えのとおり" }, [told]);
      await expect(official.locator(".timeline li", { hasText: told })).toBeVisible();
    }
    await step(official, "報告・通知が済んだことを確かめて終える", { 確かめたこと: "控えを確かめた" });
    await expect(official.getByText("この案件は終わっています。")).toBeVisible();
  });
});
