import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { CITY_OFFICIAL, MANAGER, OPERATOR } from "../support/people.ts";
import { lookAtAll } from "../support/barriers.ts";
import { expect, test } from "../support/journey.ts";
import type { Page } from "@playwright/test";

async function confirm(page: Page, name: string): Promise<void> {
  const dialog = page.getByRole("dialog", { name });
  await dialog.getByRole("button", { name, exact: true }).click();
  await expect(dialog).toBeHidden();
}

test("data is asked for on Form 1, granted on Form 2, shown, made without names, and accounted for", async ({ enter }) => {
  test.setTimeout(240_000);
  const manager = await enter(MANAGER);
  const official = await enter(CITY_OFFICIAL);
  const operator = await enter(OPERATOR);
  let notice = "";

  await test.step("the facility asks; what does not fit together is said beside the field", async () => {
    await manager.goto("/ask/data_use");
    await manager.getByLabel("代表者名").fill("伊藤 恵子");
    await manager.getByLabel("件名").fill("訪問の時間帯の調査");
    await manager.getByLabel("使用目的").fill("職員の配置を見直す");
    await manager.getByLabel("処理内容").fill("月ごとの集計");
    await manager.getByRole("checkbox", { name: "ハードディスク" }).check();
    await manager.getByRole("checkbox", { name: "消去" }).check();
    await manager.getByLabel("使用期間の初日").fill("2026-11-20");
    await manager.getByLabel("使用期間の最終日").fill("2026-11-10");
    await manager.getByLabel("実施日").fill("2026-11-25");
    await manager.getByRole("radio", { name: /^連絡（1件ごと/ }).check();
    await manager.getByRole("radio", { name: /^集計した表/ }).check();
    await manager.getByRole("checkbox", { name: "種別" }).check();
    await manager.getByRole("radio", { name: "10歳ごと" }).check();
    await manager.getByRole("radio", { name: "月ごと" }).check();
    await manager.getByLabel("データの期間の初日").fill("2026-11-01");
    await manager.getByLabel("データの期間の最終日").fill("2026-11-19");
    await manager.getByRole("button", { name: "市に依頼する" }).click();
    await expect(manager.getByText("使用期間の最終日は、初日以後にしてください。").first()).toBeVisible();
    await manager.getByLabel("使用期間の最終日").fill("2026-12-20");
    await manager.getByRole("button", { name: "市に依頼する" }).click();
    await expect(manager.getByRole("heading", { level: 1 })).toHaveText("データの臨時使用（U-2026-0001）");
  });

  await test.step("the city receives, reviews, grants; Form 2 bears the number", async () => {
    await official.goto("/");
    await official.getByRole("link", { name: "U-2026-0001" }).click();
    await official.getByRole("button", { name: "受理する" }).click();
    await confirm(official, "受理する");
    await official.getByRole("button", { name: "使用を許可する" }).click();
    notice = await official.getByRole("dialog").getByLabel("通知書の番号").inputValue();
    expect(notice).toMatch(/^U-2026-0001-/);
    await confirm(official, "使用を許可する");
    await official.getByRole("link", { name: "様式第２（決定・却下通知書）" }).click();
    await expect(official.getByRole("article")).toContainText(notice);
    await expect(official.getByRole("article")).toContainText("下記のとおり決定・却下します。");
    const address = official.url();
    await lookAtAll(official, "form 2", async () => {
      await official.goto(address);
      await expect(official.getByRole("article")).toBeVisible();
    });
  });

  await test.step("no output before the notice was shown; a wrong number is refused", async () => {
    await operator.goto("/");
    await operator.getByRole("link", { name: "U-2026-0001" }).click();
    await operator.getByRole("button", { name: "通知書の提示を記録する" }).click();
    const dialog = operator.getByRole("dialog");
    await dialog.getByLabel("提示された通知書の番号").fill("U-2026-0001-9");
    await dialog.getByLabel("提示した人").fill("伊藤 恵子");
    await dialog.getByRole("button", { name: "通知書の提示を記録する" }).click();
    await expect(dialog.getByText("この決定の通知書の番号と違います。").first()).toBeVisible();
    await dialog.getByLabel("提示された通知書の番号").fill(notice);
    await confirm(operator, "通知書の提示を記録する");
  });

  await test.step("the operator makes the output and sees counts only", async () => {
    await operator.getByRole("button", { name: "加工して出力する" }).click();
    await expect(operator.getByText(/[0-9a-f]{64}/).first()).toBeVisible();
    await lookAtAll(operator, "data desk", async () => {
      await operator.reload();
      await expect(operator.getByText(/[0-9a-f]{64}/).first()).toBeVisible();
    });
  });

  await test.step("the applicant fetches it; its hash is the one on record; no name is in it", async () => {
    await manager.reload();
    const [download] = await Promise.all([
      manager.waitForEvent("download"),
      manager.getByRole("button", { name: /受け取る/ }).first().click(),
    ]);
    const bytes = await readFile(await download.path());
    const text = bytes.toString("utf8");
    expect(text).toContain(notice);
    await manager.reload();
    await expect(manager.getByText(createHash("sha256").update(bytes).digest("hex")).first()).toBeVisible();
  });

  await test.step("after use: reported by the facility, confirmed by the city", async () => {
    await manager.getByRole("button", { name: "使用後の措置を報告する" }).click();
    const dialog = manager.getByRole("dialog");
    await dialog.getByRole("radio", { name: "消去", exact: true }).check();
    await dialog.getByLabel("方法").fill("専用のソフトで消去した。控えはない。");
    await dialog.getByLabel("した人").fill("伊藤 恵子");
    await confirm(manager, "使用後の措置を報告する");
    await official.goto("/");
    await official.getByRole("link", { name: "U-2026-0001" }).click();
    await official.getByRole("button", { name: "措置を確認して終える" }).click();
    await confirm(official, "措置を確認して終える");
    await expect(official.getByText("この案件は終わっています。")).toBeVisible();
  });
});
