import { DOCTOR, NURSE, SYSTEM_ADMIN } from "../support/people.ts";
import { Caller } from "../support/api.ts";
import { look, lookAtAll } from "../support/barriers.ts";
import { announceStop, takeStep } from "../support/cases.ts";
import { composer, expect, noteWith, openBook, sharedPatient, test } from "../support/journey.ts";
import { seenOnPortal } from "../support/portal.ts";

const TYPED = "夜間の訪問の記録です。22時に";

test("a stop begins while a nurse writes: a curtain says until when, goes by itself, and her note goes out", async ({ city, enter, visit }) => {
  test.setTimeout(240_000);
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const stop = await announceStop(city, "2026-11-28T22:00", "2026-11-28T22:04");
  await city.setClock("2026-11-28T21:50:00+09:00");
  const page = await enter(NURSE);
  await page.clock.install();
  const banner = page.getByRole("status").filter({ hasText: "データベースの更新" });
  const curtain = page.getByRole("dialog", { name: "サービスを止めています" });
  const text = page.getByLabel("本文");
  const late = await page.context().newPage();
  const lateCurtain = late.getByRole("dialog", { name: "サービスを止めています" });
  const anybody = await visit();
  const state = (words: string) => (portal: typeof page) => portal.getByRole("region", { name: "今の状態" }).getByText(words);

  await test.step("before it the banner announces it, and its words follow the clock", async () => {
    await city.setClock("2026-11-28T21:58:30+09:00");
    await openBook(page, patient.name);
    await expect(banner).toContainText("今日 22:04 まで、サービスを止めます。");
    // Her screen's clock alone comes to the stop; the server still answers.
    await city.setClock("2026-11-28T21:58:30+09:00");
    await page.clock.runFor("01:40");
    await expect(banner).toContainText("今、サービスを止めています。");
    await text.click();
    await text.fill(TYPED);
  });

  await test.step("at its time the curtain comes by itself: why, until when, whom to ask", async () => {
    await city.setClock("2026-11-28T22:00:00+09:00");
    await page.clock.runFor(16_000);
    await expect(curtain).toContainText("データベースの更新のため、サービスを止めています。");
    await expect(curtain).toContainText("今日 22:04");
    await expect(curtain).toContainText("入力した内容は残っています。");
    await expect(curtain).toContainText("電話 0000-00-1600");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await expect(curtain).toBeVisible();
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await look(page, `curtain of a stop ${width}`);
    }
  });

  await test.step("a page that is loaded meanwhile has it too, at every size of text", async () => {
    await late.goto("/patients");
    await lookAtAll(late, "loaded during a stop", async () => {
      await late.goto("/patients");
      await expect(lateCurtain).toContainText("22:04");
      await expect(lateCurtain.getByRole("heading"), "it is read from its beginning").toBeInViewport();
    });
  });

  await test.step("the portal says so to everybody", async () => {
    await city.setClock("2026-11-28T22:00:00+09:00");
    await seenOnPortal(anybody, "/portal/", state("計画停止中"));
    await expect(state("22:04 まで")(anybody)).toBeVisible();
    await look(anybody, "portal during a stop 1280");
    await anybody.setViewportSize({ width: 390, height: 844 });
    await look(anybody, "portal during a stop 390");
  });

  await test.step("the administrator works on, and prolongs it: the curtain has the new end", async () => {
    await city.setClock("2026-11-28T22:00:00+09:00");
    const admin = await Caller.of(city, SYSTEM_ADMIN);
    await takeStep(admin, stop, "prolong_stop", { until_at: "2026-11-28T22:06", reason: "確認に時間がかかる" });
    await page.clock.runFor(20_000);
    await expect(curtain).toContainText("今日 22:06");
  });

  await test.step("at its end both pages go on by themselves, and nothing is lost", async () => {
    await city.setClock("2026-11-28T22:06:00+09:00");
    await page.clock.runFor(20_000);
    await expect(curtain).toBeHidden();
    await expect(late.getByRole("link", { name: `${patient.name} さん` })).toBeVisible();
    await expect(lateCurtain).toBeHidden();
    await expect(text).toHaveValue(TYPED);
    await composer(page).getByRole("button", { name: "送信" }).click();
    await expect(noteWith(page, TYPED)).toHaveCount(1);
    await expect(text).toHaveValue("");
    await seenOnPortal(anybody, "/portal/", state("稼働中"));
  });
});
