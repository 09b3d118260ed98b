import { AUDITOR, NURSE, SYSTEM_ADMIN } from "../support/people.ts";
import { Caller } from "../support/api.ts";
import { lookAtAll } from "../support/barriers.ts";
import { expect, test } from "../support/journey.ts";
import { seenOnPortal } from "../support/portal.ts";

test("nobody looked for a while: the administrator sees it and takes the incident on", async ({ city, enter }) => {
  test.setTimeout(180_000);
  await city.look();
  await city.setClock("2026-11-20T10:40:10+09:00");
  await city.look();
  const admin = await enter(SYSTEM_ADMIN);

  await test.step("the draft waits on the home page", async () => {
    const draft = admin.getByRole("listitem").filter({ hasText: "自動検知: 監視の記録" });
    await expect(draft).toContainText("あなたの番");
    await expect(draft).toContainText("自動");
  });

  await test.step("the page says what is wrong, and since when", async () => {
    await lookAtAll(admin, "monitoring", async () => {
      await admin.goto("/monitoring");
      await expect(admin.getByRole("heading", { name: "見つかった異常（新しい順）" })).toBeVisible();
    });
    await admin.setViewportSize({ width: 1280, height: 900 });
    const part = admin.getByRole("listitem").filter({ hasText: "監視の点検（15分ごと）" }).first();
    await expect(part).toContainText("異常");
    await expect(part).toContainText("5分ごと 11/20 10:05〜10:35（6枠）");
    await expect(admin.getByRole("listitem").filter({ hasText: "データベース" }).first()).toContainText("正常");
    await expect(admin.getByRole("listitem").filter({ hasText: "鍵の保管場所" }).first()).toContainText("正常");
    const day = admin.getByRole("row", { name: /^11月20日\(金\)/ });
    await expect(day).toContainText("欠け");
    await expect(day).toContainText("2/8");
  });

  await test.step("she takes it on: the ordinary course of an incident begins", async () => {
    const found = admin.getByRole("listitem").filter({ hasText: "監視の記録" });
    await found.getByRole("link", { name: /^障害の案件 I-2026-/ }).first().click();
    await expect(admin.getByText("システム（自動）").first()).toBeVisible();
    const name = "確認し、障害として対応を始める";
    await admin.getByRole("button", { name, exact: true }).click();
    const dialog = admin.getByRole("dialog", { name });
    await dialog.getByRole("button", { name, exact: true }).click();
    await expect(dialog).toContainText("確認した状況");
    await dialog.getByRole("radio", { name: "システム障害" }).check();
    await dialog.getByLabel("確認した状況").fill("監視の実行が止まっていた。再開した。");
    await dialog.getByRole("button", { name, exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(admin.getByRole("button", { name: "市への連絡を記録する" })).toBeVisible();
  });

  await test.step("whoever is not concerned finds nothing", async () => {
    const nurse = await enter(NURSE);
    await nurse.goto("/monitoring");
    await expect(nurse.getByRole("heading", { name: "ページが見つかりません" })).toBeVisible();
  });
});

test("a restore is proven: the auditor and the portal say when", async ({ city, enter, visit }) => {
  test.setTimeout(180_000);
  const nurse = await Caller.of(city, NURSE);
  const patient = (await nurse.patients())[0];
  if (patient === undefined) throw new Error("the nurse has no patient");
  await nurse.write(patient.id, "復元できるはずの連絡です。");
  await city.setClock("2026-11-21T04:05:00+09:00");
  await city.runDailyBackup();
  expect(await city.drill()).toBeGreaterThan(0);
  const auditor = await enter(AUDITOR);
  await auditor.goto("/backups");
  await expect(auditor.getByText("最後に証明された復元:")).toContainText("今日 4:05");
  await expect(auditor.getByRole("listitem").filter({ hasText: "元と同じ" })).toContainText("隔離した場所に復元し");
  const portal = await visit();
  await seenOnPortal(portal, "/portal/", (page) => page.getByRole("region", { name: "バックアップの時刻" }).getByText("最後に証明された復元"));
});
