import { DOCTOR, NURSE } from "../support/people.ts";
import { composer, expect, noteWith, sharedPatient, test } from "../support/journey.ts";
import { expectNoSidewaysScroll } from "../support/axe.ts";
import { shoot } from "../support/shots.ts";

test("a nurse writes at the bedside, on a phone", async ({ city, enter }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const page = await enter(NURSE, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  await test.step("the places are at the bottom of the screen", async () => {
    await shoot(page, "home-390");
    await page.getByRole("navigation", { name: "メニュー（画面の下）" }).getByRole("link", { name: "患者一覧" }).tap();
    await expect(page.getByRole("link", { name: `${patient.name} さん` })).toBeVisible();
    await expectNoSidewaysScroll(page, "患者一覧");
    await shoot(page, "patients-390");
  });

  await test.step("the book opens at its newest notes with the composer in reach", async () => {
    await page.getByRole("link", { name: `${patient.name} さん` }).tap();
    await expect(page.getByLabel("本文")).toBeInViewport();
    await expect(page.getByRole("article").last()).toBeInViewport();
    await expectNoSidewaysScroll(page, "連絡帳");
    await shoot(page, "thread-390");
  });

  await test.step("she writes an urgent note and is told to telephone first", async () => {
    await page.getByLabel("本文").tap();
    await page.getByLabel("本文").fill("呼びかけへの反応が鈍いです。");
    await composer(page).getByRole("radio", { name: "緊急" }).tap();
    await expect(composer(page)).toContainText("先に電話や119番をしてください");
    await shoot(page, "thread-writing-390");
    await composer(page).getByRole("button", { name: "送信" }).tap();
    const sent = noteWith(page, "呼びかけへの反応が鈍いです。");
    await expect(sent).toContainText("緊急");
    await expect(sent).toBeInViewport();
  });
});
