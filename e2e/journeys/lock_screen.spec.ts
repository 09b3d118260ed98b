import { DOCTOR, NURSE } from "../support/people.ts";
import { expect, nameOf, openBook, prove, sharedPatient, test } from "../support/journey.ts";

test("a nurse leaves the shared PC: the screen locks by itself, her text stays, nobody else gets in", async ({ city, enter }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const page = await enter(NURSE);
  await page.clock.install();
  await openBook(page, patient.name);
  const locked = page.getByRole("dialog", { name: "画面をロックしています" });
  const forgotten = await page.context().newPage();
  await openBook(forgotten, patient.name);

  await test.step("after nine minutes the screen warns, and goes on when she touches it", async () => {
    await page.getByLabel("本文").fill("途中まで書きました。");
    await page.clock.runFor("09:10");
    await expect(page.getByText("秒で画面をロックします。")).toBeVisible();
    await expect(forgotten.getByText("秒で画面をロックします。")).toBeVisible();
    await page.keyboard.press("Shift");
    await page.clock.runFor(2000);
    await expect(page.getByText("秒で画面をロックします。")).toBeHidden();
  });

  await test.step("a tab that she forgot does not lock the one in which she works", async () => {
    await expect(forgotten.getByText("秒で画面をロックします。")).toBeHidden();
    await page.clock.runFor("02:00");
    await expect(page.getByLabel("本文")).toHaveValue("途中まで書きました。");
    await expect(locked).toBeHidden();
    await forgotten.close();
  });

  await test.step("after ten it locks: the patient cannot be seen, the server answers nobody", async () => {
    await page.clock.runFor("10:05");
    await expect(locked).toContainText(`${nameOf(city, NURSE)}さんの画面です。`);
    await page.keyboard.press("Escape");
    await expect(locked).toBeVisible();
    const answer = await page.evaluate(async () => (await fetch("/api/patients")).status);
    expect(answer).toBe(401);
  });

  await test.step("a reload stays locked", async () => {
    await page.reload();
    await expect(page.getByRole("heading", { name: "画面をロックしています" })).toBeVisible();
    await expect(page.getByText(patient.name)).toHaveCount(0);
  });

  await test.step("her password opens it, and her text is still there", async () => {
    await page.getByLabel("パスワード").fill("Shiokaze-27-hasi!");
    await page.getByRole("button", { name: "ロックを解く" }).click();
    await expect(page.getByText("今のパスワードが違います。")).toBeVisible();
    await page.getByLabel("パスワード").fill(city.is.accounts.find((a) => a.user_id === NURSE)?.password ?? "");
    await page.getByRole("button", { name: "ロックを解く" }).click();
    await expect(page.getByLabel("本文")).toHaveValue("途中まで書きました。");
  });

  await test.step("a colleague takes over the PC without knowing her password", async () => {
    await page.getByRole("banner").getByRole("button", { name: "画面ロック" }).click();
    await locked.getByRole("button", { name: "別の人がサインインする" }).click();
    await page.getByLabel("ユーザーID").fill(DOCTOR);
    await page.getByLabel("パスワード").fill(city.is.accounts.find((a) => a.user_id === DOCTOR)?.password ?? "");
    await page.getByRole("button", { name: "サインイン", exact: true }).click();
    await prove(page, await city.code(DOCTOR));
    await expect(page.getByRole("banner")).toContainText(nameOf(city, DOCTOR));
    await openBook(page, patient.name);
    await expect(page.getByLabel("本文")).toHaveValue("");
  });
});
