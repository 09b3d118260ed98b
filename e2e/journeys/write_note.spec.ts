import { DOCTOR, NURSE } from "../support/people.ts";
import { composer, expect, nameOf, noteWith, sharedPatient, test } from "../support/journey.ts";
import { shoot } from "../support/shots.ts";

test("a nurse writes to the team: three taps from the list to a sent note", async ({ city, enter }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const page = await enter(NURSE);
  const form = composer(page);

  await test.step("her home shows what waits for her", async () => {
    await expect(page.locator("body")).toMatchAriaSnapshot({ name: "home-member.aria.yml" });
    await shoot(page, "home-1280");
  });

  await test.step("she finds the patient by one letter of the reading", async () => {
    await page.getByRole("link", { name: "患者一覧", exact: true }).first().click();
    await expect(page.getByRole("link", { name: `${patient.name} さん` })).toBeVisible();
    await expect(page.locator("body")).toMatchAriaSnapshot({ name: "patients.aria.yml" });
    await shoot(page, "patients-1280");
    await page.getByLabel("名前・よみがなで探す").fill(patient.name.slice(0, 1));
    await expect(page.getByRole("status")).toContainText("人のうち");
  });

  await test.step("three taps: the patient, the text, 送信", async () => {
    await page.getByRole("link", { name: `${patient.name} さん` }).click();
    await page.getByLabel("本文").click();
    await page.keyboard.type("体温36.8℃、変わりありません。");
    await form.getByRole("button", { name: "送信" }).click();
    const sent = noteWith(page, "体温36.8℃、変わりありません。");
    await expect(sent).toBeVisible();
    await expect(sent).toContainText(`${nameOf(city, NURSE)}（自分）`);
    await expect(sent).toContainText("今日 10:0");
    await expect(page.getByLabel("本文")).toHaveValue("");
    await expect(page.locator("body")).toMatchAriaSnapshot({ name: "thread.aria.yml" });
  });

  await test.step("an empty note is not sent; its field says so", async () => {
    await page.getByLabel("本文").fill(" 　\n");
    await form.getByRole("button", { name: "送信" }).click();
    await expect(form).toContainText("本文を入力してください。");
    await expect(page.getByLabel("本文")).toHaveAttribute("aria-invalid", "true");
  });

  await test.step("a note of 20,001 characters is not sent; the sentence has the numbers", async () => {
    await page.getByLabel("本文").fill("長".repeat(20_001));
    await form.getByRole("button", { name: "送信" }).click();
    await expect(form).toContainText("本文は20000文字までです（今は20001文字）。");
  });

  await test.step("an important report to the doctor", async () => {
    await page.getByLabel("本文").fill("右足背に軽い浮腫があります。ご確認ください。");
    await form.getByRole("radio", { name: "報告" }).check();
    await form.getByRole("checkbox", { name: "重要" }).check();
    await form.getByText("宛先: 支援チーム全員").click();
    await form.getByRole("checkbox", { name: nameOf(city, DOCTOR) }).check();
    await shoot(page, "thread-writing-1280");
    await form.getByRole("button", { name: "送信" }).click();
    const sent = noteWith(page, "右足背に軽い浮腫があります。");
    await expect(sent).toContainText("報告");
    await expect(sent).toContainText("重要");
    await expect(sent).toContainText(`宛先: ${nameOf(city, DOCTOR)}さん`);
  });

  await test.step("both are there after a reload, once each", async () => {
    await page.reload();
    await expect(noteWith(page, "右足背に軽い浮腫があります。")).toHaveCount(1);
    await expect(noteWith(page, "体温36.8℃、変わりありません。")).toHaveCount(1);
  });
});
