import { AUDITOR, DOCTOR, NURSE, OUTSIDER } from "../support/people.ts";
import { Caller } from "../support/api.ts";
import { expectNoBarriers } from "../support/axe.ts";
import { expect, nameOf, sharedPatient, test } from "../support/journey.ts";
import { changeEvent } from "../support/tamper.ts";

test("an auditor reads the log and verifies it; a changed entry is named", async ({ city, enter }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const nurse = await Caller.of(city, NURSE);
  await nurse.write(patient.id, "操作記録に残る連絡です。");
  await (await Caller.of(city, OUTSIDER)).call("GET", `/api/patients/${patient.id}/notes`);
  const page = await enter(AUDITOR);

  await test.step("sentences without a patient's name, what was refused included", async () => {
    await page.getByRole("link", { name: "操作記録" }).first().click();
    const written = page.getByRole("listitem").filter({ hasText: "「連絡を送る」" });
    await expect(written).toContainText(`${nameOf(city, NURSE)}（看護師）が`);
    await expect(written).toContainText(/患者 P-[0-9A-Z]{6} について/);
    await expect(page.getByRole("main")).not.toContainText(patient.name);
    await expect(page.getByRole("listitem").filter({ hasText: nameOf(city, OUTSIDER) }).first()).toContainText("拒否");
    await expectNoBarriers(page, "audit log");
  });

  await test.step("by person, and only what was refused", async () => {
    await page.getByLabel("ユーザーID").fill(OUTSIDER);
    await page.getByRole("checkbox", { name: "断られた操作だけ" }).check();
    await page.getByRole("button", { name: "この条件で表示" }).click();
    await expect(page.getByText(`${nameOf(city, NURSE)}（看護師）が`)).toHaveCount(0);
    await expect(page.getByText(`${nameOf(city, OUTSIDER)}（看護師）が`)).toHaveCount(1);
  });

  await test.step("sealed, everything is as it was", async () => {
    await city.setClock("2026-11-20T10:45:00+09:00");
    expect(await city.seal()).toBeGreaterThan(0);
    const later = await enter(AUDITOR);
    await later.goto("/audit");
    await later.getByRole("button", { name: "記録を検証する" }).click();
    await expect(later.getByText("件の記録は、すべて封印されたときのままです。")).toBeVisible();
    await later.close();
  });

  await test.step("an entry is changed behind our back: the page names it", async () => {
    const id = await changeEvent(city, "2026-11-20T10", "write_note");
    const later = await enter(AUDITOR);
    await later.goto("/audit");
    await later.getByRole("button", { name: "記録を検証する" }).click();
    await expect(later.getByRole("alert")).toContainText("内容が書き換えられています");
    await expect(later.getByRole("alert")).toContainText(id);
  });

  await test.step("the care team sees who opened the book", async () => {
    const doctor = await enter(DOCTOR);
    await doctor.goto(`/patients/${patient.id}/access`);
    await expect(doctor.getByText(`${nameOf(city, NURSE)}（看護師）が`).first()).toBeVisible();
    await expectNoBarriers(doctor, "who opened the book");
  });
});
