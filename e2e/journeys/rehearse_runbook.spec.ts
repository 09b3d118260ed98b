import { OPERATIONS_MANAGER, SYSTEM_ADMIN } from "../support/people.ts";
import { lookAtAll } from "../support/barriers.ts";
import { expect, test } from "../support/journey.ts";

test("a runbook is read without the application, rehearsed, and confirmed by somebody else", async ({ visit, enter }) => {
  await test.step("the page is a file: no script, no API, no session", async () => {
    const page = await visit({ javaScriptEnabled: false });
    await page.goto("/runbooks/index.html");
    await page.getByRole("link", { name: "復元（全部・患者1人・1日分）" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("4 復元（全部・患者1人・1日分）");
    await expect(page.getByText('cargo xtask verify --data "$DIR"')).toBeVisible();
    await page.getByRole("link", { name: "05 バックアップの失敗・破損" }).first().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("5 バックアップの失敗・破損");
    const looked = await visit();
    await looked.goto("/runbooks/index.html");
    await lookAtAll(looked, "runbook", async () => {
      await looked.goto("/runbooks/05-backup-failed.html");
      await expect(looked.getByRole("heading", { name: "手順（異常あり）" })).toBeVisible();
    });
  });

  const admin = await enter(SYSTEM_ADMIN);
  const row = (page: typeof admin) => page.getByRole("listitem").filter({ hasText: "12 時計のずれ" });

  await test.step("the list says what was never rehearsed", async () => {
    await admin.getByRole("link", { name: "手順書", exact: true }).click();
    await expect(row(admin)).toContainText("訓練の記録なし");
    await lookAtAll(admin, "runbooks", async () => {
      await expect(row(admin)).toBeVisible();
    });
  });

  await test.step("the administrator records a rehearsal", async () => {
    await admin.getByRole("link", { name: "見直し・訓練を記録する" }).click();
    await admin.getByRole("radio", { name: "12 時計のずれ" }).check();
    await admin.getByRole("radio", { name: "訓練（実際に手順を行った）" }).check();
    await admin.getByLabel("した日").fill("2026-11-19");
    await admin.getByLabel("使った版").fill("1");
    await admin.getByLabel("結果").fill("ずれは0.1秒。手順どおりに確かめられた。");
    await admin.getByRole("button", { name: "送信する" }).click();
    await expect(admin.getByText("記録済み（運用管理責任者の確認待ち）").first()).toBeVisible();
  });

  await test.step("the operations manager confirms it, and the list counts it", async () => {
    const manager = await enter(OPERATIONS_MANAGER);
    await manager.getByRole("link", { name: "B-2026-0001" }).click();
    await manager.getByRole("button", { name: "記録を確かめる" }).click();
    await manager.getByRole("dialog").getByRole("button", { name: "記録を確かめる" }).click();
    await expect(manager.getByText("この案件は終わっています。")).toBeVisible();
    await manager.goto("/manuals");
    await expect(row(manager)).toContainText("期限内");
    await expect(row(manager)).toContainText("B-2026-0001");
  });
});
