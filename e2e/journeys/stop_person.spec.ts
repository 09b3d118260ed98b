import { CITY_OFFICIAL, COLLEAGUE, MANAGER } from "../support/people.ts";
import { expect, nameOf, signIn, test } from "../support/journey.ts";

test("somebody on leave is stopped and comes back with the same password", async ({ city, enter, visit }) => {
  const name = nameOf(city, COLLEAGUE);
  const manager = await enter(MANAGER);
  const official = await enter(CITY_OFFICIAL);

  await test.step("asked by the facility, done by the city", async () => {
    await manager.goto("/people");
    await manager.getByRole("link", { name: `${name}さんの一時停止を依頼する` }).click();
    await manager.getByLabel("理由").fill("産前休業");
    await manager.getByRole("button", { name: "市に依頼する" }).click();
    await expect(manager.getByRole("heading", { level: 1 })).toContainText("2026-0001");
    await official.goto("/");
    await official.getByRole("link", { name: "2026-0001" }).click();
    await official.getByRole("button", { name: "停止する" }).click();
    await official.getByRole("dialog").getByRole("button", { name: "停止する" }).click();
    await expect(official.getByRole("dialog")).toBeHidden();
  });

  await test.step("the right password opens nothing now", async () => {
    const page = await visit();
    await page.goto("/signin");
    await page.getByLabel("ユーザーID").fill(COLLEAGUE);
    await page.getByLabel("パスワード").fill(city.is.accounts.find((one) => one.user_id === COLLEAGUE)?.password ?? "");
    await page.getByRole("button", { name: "サインイン", exact: true }).click();
    await expect(page.getByText("ユーザーIDまたはパスワードが違います。")).toBeVisible();
  });

  await test.step("weeks later the facility asks to resume; the city records the identity check", async () => {
    await city.setClock("2026-12-14T09:00:00+09:00");
    const asking = await enter(MANAGER);
    await asking.goto("/cases");
    await asking.getByRole("link", { name: "2026-0001" }).click();
    await asking.getByRole("button", { name: "再開を依頼する" }).click();
    await asking.getByRole("dialog").getByLabel("理由").fill("復職");
    await asking.getByRole("dialog").getByRole("button", { name: "再開を依頼する" }).click();
    await expect(asking.getByRole("dialog")).toBeHidden();
    const deciding = await enter(CITY_OFFICIAL);
    await deciding.getByRole("link", { name: "2026-0001" }).click();
    await deciding.getByRole("button", { name: "再開する" }).click();
    const dialog = deciding.getByRole("dialog", { name: "再開する" });
    await dialog.getByRole("radio", { name: /電話をかけ直して/ }).check();
    await dialog.getByRole("button", { name: "再開する" }).click();
    await expect(deciding.getByText("この案件は終わっています。")).toBeVisible();
  });

  await test.step("back, with password and factor of before", async () => {
    const page = await visit();
    await page.goto("/signin");
    await signIn(page, city, COLLEAGUE);
    await expect(page.getByRole("banner")).toContainText(name);
  });
});
