import { Archive } from "../support/archive.ts";
import { lookAtAll } from "../support/barriers.ts";
import { expect, test } from "../support/journey.ts";
import { OPERATIONS_MANAGER, OPERATOR, SYSTEM_ADMIN } from "../support/people.ts";

test("a day whose five years are over is permitted, erased by hand, and certified", async ({ city, enter }) => {
  test.slow();
  const day = await test.step("five years after the first day of use the system opens its case", async () => {
    await city.runDailyBackup();
    const [first = ""] = await new Archive(city).days();
    const [year = 0, month = 1, date = 1] = first.split("-").map(Number);
    await city.setClock(`${year + 5}-${`${month}`.padStart(2, "0")}-${`${date}`.padStart(2, "0")}T10:00:00+09:00`);
    return first;
  });

  await test.step("the operations manager permits the disposal", async () => {
    const manager = await enter(OPERATIONS_MANAGER);
    await expect(manager.getByRole("link", { name: "E-2031-0001" })).toBeVisible({ timeout: 90_000 });
    await manager.getByRole("link", { name: "E-2031-0001" }).click();
    await expect(manager.getByText(day).first()).toBeVisible();
    await manager.getByRole("button", { name: "処分を許可する" }).click();
    await manager.getByRole("dialog").getByRole("button", { name: "処分を許可する" }).click();
    await expect(manager.getByText("処分を許可済み（消去待ち）").first()).toBeVisible();
  });

  await test.step("the system administrator erases it by hand, and the system brings it to its end", async () => {
    const admin = await enter(SYSTEM_ADMIN);
    await admin.getByRole("link", { name: "E-2031-0001" }).click();
    await admin.getByRole("button", { name: "消去する" }).click();
    const dialog = admin.getByRole("dialog");
    await dialog.getByLabel("手動で実行する理由").fill("保管期限（5年）が終わったため");
    await dialog.getByRole("radio", { name: /元に戻せないこと/ }).check();
    await dialog.getByRole("button", { name: "消去する" }).click();
    await expect(admin.getByText("消去済み（消去証明の受領待ち）").first()).toBeVisible({ timeout: 90_000 });
    await expect(admin.getByText("読めないことを確かめたもの")).toBeVisible();
    await lookAtAll(admin, "an erased day", async () => {
      await expect(admin.getByText("消去証明の保存場所")).toBeVisible();
    });
  });

  await test.step("the operator receives the certificate, on one sheet", async () => {
    const operator = await enter(OPERATOR);
    await operator.getByRole("link", { name: "E-2031-0001" }).click();
    await operator.getByRole("button", { name: "消去証明を受け取る" }).click();
    await operator.getByRole("dialog").getByRole("button", { name: "消去証明を受け取る" }).click();
    await expect(operator.getByText("この案件は終わっています。")).toBeVisible();
    await operator.getByRole("link", { name: "消去証明" }).first().click();
    await expect(operator.getByRole("heading", { name: "消去証明書" }).first()).toBeVisible();
    await lookAtAll(operator, "certificate of erasure", async () => {
      await expect(operator.getByText(day).first()).toBeVisible();
    });
  });
});
