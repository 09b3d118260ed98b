import { DOCTOR, NURSE } from "../support/people.ts";
import { Caller, newCommand } from "../support/api.ts";
import { expectPressable, lookAtAll } from "../support/barriers.ts";
import { pdf, photo } from "../support/files.ts";
import { composer, expect, openBook, sharedPatient, test } from "../support/journey.ts";

test("no barriers for those who care: home, list, book and its dialogs", async ({ city, enter }) => {
  test.setTimeout(240_000);
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const page = await enter(NURSE);
  const mine = page.getByRole("article").last();
  const dialog = page.getByRole("dialog");
  const openMine = async (button: RegExp) => {
    await openBook(page, patient.name);
    await mine.getByRole("button", { name: button }).first().press("Enter");
    await expect(dialog.getByRole("heading").first()).toBeVisible();
  };

  await test.step("a book with everything in it", async () => {
    const nurse = await Caller.of(city, NURSE);
    const book = `/api/patients/${patient.id}/notes`;
    const wrong = await nurse.write(patient.id, "取り消すことになる連絡です。", { importance: "high" });
    await nurse.must("POST", `${book}/${wrong.number}/retraction`, { command: newCommand(), revision: 1, reason: "誤記" });
    const picture = await nurse.attach(patient.id, "足背.jpg", "image/jpeg", await photo(page));
    const file = await nurse.attach(patient.id, "報告書.pdf", "application/pdf", pdf());
    const last = await nurse.write(patient.id, "写真と報告書です。", { kind: "urgent", attachments: [picture, file].sort() });
    await nurse.must("POST", `${book}/${last.number}/revision`, { command: newCommand(), revision: 1, text: "写真と報告書です。追記。" });
    const doctor = await Caller.of(city, DOCTOR);
    await doctor.readAll(patient.id);
    await doctor.must("POST", `${book}/${last.number}/acknowledgement`, { command: newCommand() });
  });

  await lookAtAll(page, "home member", async () => {
    await page.goto("/");
    await expect(page.getByRole("link", { name: "患者一覧を開く" })).toBeVisible();
  });
  await lookAtAll(page, "patients", async () => {
    await page.goto("/patients");
    await expect(page.getByRole("link", { name: `${patient.name} さん` })).toBeVisible();
  });
  await lookAtAll(page, "patients nobody found", async () => {
    await page.goto("/patients");
    await page.getByLabel("名前・よみがなで探す").fill("んんん");
    await expect(page.getByText("見つかりません", { exact: true })).toBeVisible();
  });
  await lookAtAll(page, "thread", async () => {
    await openBook(page, patient.name);
    await expectPressable(mine.getByText(/^既読/), "既読");
    await mine.getByText(/^既読/).press("Enter");
    await expect(mine).toContainText("まだ読んでいない人");
  });
  await lookAtAll(page, "thread writing", async () => {
    await openBook(page, patient.name);
    await mine.getByRole("button", { name: "返信" }).press("Enter");
    await composer(page).getByRole("radio", { name: "緊急" }).check();
    await composer(page).getByText(/^宛先: /).click();
    await page.getByLabel("添付", { exact: true }).setInputFiles({ name: "記録.pdf", mimeType: "application/pdf", buffer: pdf() });
    await expect(composer(page)).toContainText("添付しました");
    await composer(page).getByRole("button", { name: "送信" }).click();
    await expect(composer(page)).toContainText("本文を入力してください。");
  });
  await lookAtAll(page, "correct", () => openMine(/^訂正$/));
  await dialog.getByRole("button", { name: "やめる" }).click();
  await lookAtAll(page, "retract", () => openMine(/^取消$/));
  await dialog.getByRole("button", { name: "やめる" }).click();
  await lookAtAll(page, "history", () => openMine(/^訂正済み/));
  await lookAtAll(page, "picture", () => openMine(/^写真「/));
  await lookAtAll(page, "account", async () => {
    await page.goto("/");
    await page.getByRole("banner").getByRole("button").first().click();
    await expect(dialog).toBeVisible();
  });
  await lookAtAll(page, "not my patient", async () => {
    await page.goto("/patients/01K00000000000000000000000");
    await expect(page.getByText("この患者の連絡帳は見つかりません。")).toBeVisible();
  });
});
