import { CITY_OFFICIAL, COLLEAGUE, MANAGER } from "../support/people.ts";
import { expect, nameOf, test } from "../support/journey.ts";

test("somebody leaves: removed by the city, out at once", async ({ city, enter }) => {
  const name = nameOf(city, COLLEAGUE);
  const leaving = await enter(COLLEAGUE);
  const manager = await enter(MANAGER);

  await test.step("the facility manager asks from the list of people", async () => {
    await manager.goto("/people");
    await manager.getByRole("link", { name: `${name}さんの削除を依頼する` }).click();
    await expect(manager.getByLabel("対象の利用者")).toHaveValue(/^[0-9A-Z]{26}$/);
    await manager.getByLabel("理由").fill("退職");
    await manager.getByRole("button", { name: "市に依頼する" }).click();
    await expect(manager.getByRole("heading", { level: 1 })).toContainText("R-2026-0001");
  });

  await test.step("the city reads what will happen, and removes", async () => {
    const official = await enter(CITY_OFFICIAL);
    await official.goto("/cases");
    await official.getByRole("link", { name: "R-2026-0001" }).click();
    await official.getByRole("button", { name: "削除する" }).click();
    const dialog = official.getByRole("dialog", { name: "削除する" });
    await expect(dialog).toContainText("すぐにサインインできなくなります。元に戻せません。");
    await dialog.getByRole("button", { name: "削除する" }).click();
    await expect(official.getByText("この案件は終わっています。")).toBeVisible();
  });

  await test.step("the person's very next press finds the door closed", async () => {
    await leaving.getByRole("link", { name: "患者一覧" }).first().click();
    await expect(leaving.getByRole("dialog", { name: "もう一度サインイン" })).toBeVisible();
  });
});
