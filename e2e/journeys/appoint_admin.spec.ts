import { CITY_OFFICIAL, KEY_KEEPER, OPERATIONS_MANAGER } from "../support/people.ts";
import { lookAtAll } from "../support/barriers.ts";
import { expect, nameOf, test } from "../support/journey.ts";

test("somebody is appointed: filed with the city, in force at once, over by itself", async ({ city, enter }) => {
  const name = nameOf(city, KEY_KEEPER);
  const manager = await enter(OPERATIONS_MANAGER);
  const keeper = await enter(KEY_KEEPER);

  await test.step("before, backups are none of the key keeper's business", async () => {
    await expect(keeper.getByRole("link", { name: "バックアップ" })).toHaveCount(0);
  });

  await test.step("the operations manager writes a draft; what is missing is said beside the field", async () => {
    await manager.goto("/structure");
    await manager.getByRole("link", { name: "任命・解任を届け出る" }).click();
    await manager.getByRole("radio", { name: "任命する" }).check();
    await manager.getByLabel("対象の人").selectOption({ label: `${name}（${KEY_KEEPER}）` });
    await manager.getByRole("radio", { name: "システム管理者" }).check();
    await manager.getByRole("button", { name: "下書きを作る" }).click();
    await expect(manager.getByText("任命の日を入力してください。").first()).toBeVisible();
    await manager.getByLabel("任命の日").fill("2026-11-20");
    await manager.getByLabel("最後の日").fill("2026-11-21");
    await manager.getByRole("button", { name: "下書きを作る" }).click();
    await expect(manager.getByRole("heading", { level: 1 })).toHaveText("管理体制の届出（M-2026-0001）");
  });

  await test.step("filed: the role is there with the next page", async () => {
    await manager.getByRole("button", { name: "市に届け出る" }).click();
    await manager.getByRole("dialog").getByRole("button", { name: "市に届け出る" }).click();
    await expect(manager.getByRole("dialog")).toBeHidden();
    await keeper.reload();
    await expect(keeper.getByRole("link", { name: "バックアップ" }).first()).toBeVisible();
  });

  await test.step("the city confirms receipt, which is no approval", async () => {
    const official = await enter(CITY_OFFICIAL);
    await official.getByRole("link", { name: "M-2026-0001" }).click();
    await official.getByRole("button", { name: "届出を受領する" }).click();
    await expect(official.getByRole("dialog")).toContainText("承認ではありません");
    await official.getByRole("dialog").getByRole("button", { name: "届出を受領する" }).click();
    await expect(official.getByText("この案件は終わっています。")).toBeVisible();
    await lookAtAll(official, "structure", async () => {
      await official.goto("/structure");
      const row = official.getByRole("listitem").filter({ hasText: name }).filter({ hasText: "11月21日" });
      await expect(row).toContainText("現職");
      await expect(row.getByRole("link", { name: "届出 M-2026-0001" })).toBeVisible();
    });
  });

  await test.step("the day after the last day the role is gone", async () => {
    await city.setClock("2026-11-22T09:00:00+09:00");
    const later = await enter(KEY_KEEPER);
    await expect(later.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(later.getByRole("link", { name: "バックアップ" })).toHaveCount(0);
  });
});
