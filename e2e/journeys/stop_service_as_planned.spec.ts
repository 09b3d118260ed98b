import { NURSE, OPERATIONS_MANAGER, OPERATOR, SYSTEM_ADMIN } from "../support/people.ts";
import { lookAtAll } from "../support/barriers.ts";
import { expect, test } from "../support/journey.ts";
import { seenOnPortal } from "../support/portal.ts";

test("a planned stop: permitted, published, seen ahead, begun and ended by the clock", async ({ city, enter, visit }) => {
  test.setTimeout(180_000);
  const admin = await enter(SYSTEM_ADMIN);

  await test.step("the administrator asks", async () => {
    await admin.goto("/ask/planned_stop");
    await admin.getByLabel("作業の名前").fill("データベースの更新");
    await admin.getByLabel("作業の内容").fill("動きを速くするための更新をします。");
    await admin.getByRole("radio", { name: "すべて止める" }).check();
    await admin.getByLabel("停止の開始").fill("2026-11-28T22:00");
    await admin.getByLabel("再開の予定").fill("2026-11-29T01:00");
    await admin.getByLabel("止める必要がある理由").fill("更新中は書き込めないため");
    await admin.getByRole("button", { name: "送信する" }).click();
    await expect(admin.getByRole("heading", { level: 1 })).toHaveText("計画停止（T-2026-0001）");
    await expect(admin.getByRole("button", { name: "停止を許可する" })).toHaveCount(0);
  });

  await test.step("the operations manager permits, the operator publishes", async () => {
    const manager = await enter(OPERATIONS_MANAGER);
    await manager.getByRole("link", { name: "T-2026-0001" }).click();
    await manager.getByRole("button", { name: "停止を許可する" }).click();
    await manager.getByRole("dialog").getByRole("button", { name: "停止を許可する" }).click();
    await expect(manager.getByText("許可済み（ポータルでの公開待ち）").first()).toBeVisible();
    const operator = await enter(OPERATOR);
    await operator.getByRole("link", { name: "T-2026-0001" }).click();
    await operator.getByRole("button", { name: "ポータルに公開する" }).click();
    await operator.getByRole("dialog").getByRole("button", { name: "ポータルに公開する" }).click();
    await expect(operator.getByText("公開済み（停止・再開待ち）").first()).toBeVisible();
    const anybody = await visit();
    await seenOnPortal(anybody, "/portal/", (page) =>
      page.getByRole("heading", { name: "計画停止の予定" }).locator("..").getByText("データベースの更新"));
  });

  await test.step("a week ahead it stands over every page", async () => {
    await city.setClock("2026-11-22T10:00:00+09:00");
    const nurse = await enter(NURSE);
    const banner = nurse.getByText("データベースの更新");
    await expect(banner).toBeVisible();
    await lookAtAll(nurse, "home with a stop ahead", async () => {
      await nurse.goto("/");
      await expect(banner).toBeVisible();
    });
  });

  await test.step("she confirms it once, and the administrator sees which facilities have not", async () => {
    const nurse = await enter(NURSE);
    await nurse.getByRole("button", { name: "確認しました" }).click();
    await expect(nurse.getByText("このお知らせを確認済みです。")).toBeVisible();
    await nurse.reload();
    await expect(nurse.getByText("このお知らせを確認済みです。")).toBeVisible();
    await expect(nurse.getByRole("button", { name: "確認しました" })).toHaveCount(0);
    const office = await enter(SYSTEM_ADMIN);
    await lookAtAll(office, "who confirmed a stop", async () => {
      await office.goto("/");
      await office.getByRole("link", { name: "T-2026-0001" }).click();
      await expect(office.getByText(/確認 1\/\d+ 施設/)).toBeVisible();
    });
  });

  await test.step("at its time nobody gets in, and afterwards everybody does", async () => {
    await city.setClock("2026-11-28T22:00:00+09:00");
    const page = await visit();
    await page.goto("/signin");
    await page.getByLabel("ユーザーID").fill(NURSE);
    await page.getByLabel("パスワード").fill("Shiokaze-27-hashi!");
    await page.getByRole("button", { name: "サインイン", exact: true }).click();
    await expect(page.getByText("ただいまサービスを止めています。")).toBeVisible();
    await city.setClock("2026-11-29T01:00:00+09:00");
    const again = await enter(NURSE);
    await expect(again.getByRole("heading", { name: "ホーム" })).toBeVisible();
  });
});
