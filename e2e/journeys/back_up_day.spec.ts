import { DOCTOR, NURSE, SYSTEM_ADMIN } from "../support/people.ts";
import { Archive } from "../support/archive.ts";
import { Caller } from "../support/api.ts";
import { pdf } from "../support/files.ts";
import { expect, sharedPatient, test } from "../support/journey.ts";
import { shoot } from "../support/shots.ts";

test("a day is locked for five years, and nobody can take it away", async ({ city, enter }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);

  await test.step("during the day a nurse writes three notes, one with a file", async () => {
    const nurse = await Caller.of(city, NURSE);
    const file = await nurse.attach(patient.id, "報告書.pdf", "application/pdf", pdf());
    await nurse.write(patient.id, "朝の訪問です。");
    await nurse.write(patient.id, "昼の訪問です。", { attachments: [file] });
    await nurse.write(patient.id, "夕方の訪問です。");
  });

  await test.step("five minutes past two the next night, the daily run does its work", async () => {
    await city.setClock("2026-11-21T02:05:00+09:00");
    await city.runDailyBackup();
    expect(await city.runDailyBackup(), "a later run has nothing to do").toBe(0);
  });

  const page = await enter(SYSTEM_ADMIN);
  const row = page.getByRole("row", { name: /^11月20日\(金\)/ });

  await test.step("the system administrator sees it on the home page", async () => {
    await expect(page.getByRole("definition").filter({ hasText: "に送られた分" })).toContainText("11月20日(金)");
    await expect(page.locator("body")).toMatchAriaSnapshot({ name: "home-admin.aria.yml" });
    await shoot(page, "home-admin-1280");
  });

  await test.step("and in the list: what is inside, until when it is locked, that it was verified", async () => {
    await page.getByRole("link", { name: "バックアップの一覧を開く" }).click();
    await expect(row).toHaveCount(1);
    await expect(row).toContainText("連絡 3件");
    await expect(row).toContainText("添付 1件");
    await expect(row).toContainText("2031年11月19日(水)");
    await expect(row).toContainText("ロック終了 2031年11月20日(木) 0:00");
    await expect(row).toContainText("検証済み");
    await expect(page.locator("body")).toMatchAriaSnapshot({ name: "backups.aria.yml" });
    await shoot(page, "backups-1280");
  });

  await test.step("she has it verified again", async () => {
    await city.setClock("2026-11-21T02:12:00+09:00");
    await row.getByRole("button", { name: "検証する" }).click();
    await expect(row.getByRole("status")).toContainText("2:12");
    await expect(row.getByRole("status")).toContainText("検証済み");
  });

  await test.step("a run by hand needs a reason", async () => {
    await page.getByRole("button", { name: "手動で実行" }).click();
    const dialog = page.getByRole("dialog", { name: "バックアップを手動で実行" });
    await dialog.getByRole("button", { name: "実行する" }).click();
    await expect(dialog).toContainText("理由を入力してください。");
    await shoot(page, "backups-by-hand-1280");
    await dialog.getByLabel("手動で実行する理由").fill("復旧訓練のため");
    await dialog.getByRole("button", { name: "実行する" }).click();
    await expect(page.getByRole("status").filter({ hasText: "バックアップを作成し、ロックしました。" })).toBeVisible();
    await expect(row).toHaveCount(2);
    await shoot(page, "backups-made-by-hand-1280");
  });

  await test.step("with every key and an ordinary S3 client, nothing can be deleted or shortened", async () => {
    const archive = new Archive(city);
    const objects = await archive.objects("2026-11-20");
    // Two generations, each of journal, audit log, directory, one file and manifest.
    expect(objects).toHaveLength(10);
    for (const object of objects) {
      const before = await archive.read(object);
      expect(before).toMatchObject({ mode: "COMPLIANCE", until: "2031-11-19T15:00:00.000Z" });
      expect(await archive.delete(object), `delete ${object.Key}`).toBe("AccessDenied");
      expect(await archive.lockUntil(object, new Date("2031-11-18T15:00:00Z")), object.Key).toBe("AccessDenied");
      expect(await archive.lockUntil(object, new Date("2031-11-19T15:00:00Z"), "GOVERNANCE"), object.Key).toBe("AccessDenied");
      expect(await archive.read(object)).toEqual(before);
    }
  });
});
