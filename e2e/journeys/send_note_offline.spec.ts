import { DOCTOR, NURSE } from "../support/people.ts";
import { Caller } from "../support/api.ts";
import { composer, expect, noteWith, openBook, sharedPatient, test } from "../support/journey.ts";

test("a nurse sends in a dead spot: the note waits and goes out exactly once", async ({ city, enter }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const page = await enter(NURSE);
  const send = composer(page).getByRole("button", { name: "送信" });
  const count = async (text: string) => {
    const notes = await (await Caller.of(city, DOCTOR)).notes(patient.id);
    return notes.filter((note) => note.text === text).length;
  };
  await openBook(page, patient.name);

  await test.step("without a connection the note waits, and says so", async () => {
    await page.context().setOffline(true);
    await page.getByLabel("本文").fill("圏外で書きました。");
    await send.click();
    await expect(page.getByText("送信待ち")).toBeVisible();
    await expect(page.getByText("書いた内容は残っています。")).toBeVisible();
    expect(await count("圏外で書きました。")).toBe(0);
  });

  await test.step("with the connection it goes out by itself", async () => {
    await page.context().setOffline(false);
    await expect(noteWith(page, "圏外で書きました。")).toHaveCount(1);
    await expect(page.getByText("送信待ち")).toBeHidden();
    await expect(page.getByLabel("本文")).toHaveValue("");
    expect(await count("圏外で書きました。")).toBe(1);
  });

  await test.step("an answer that gets lost on the way: sent again, and still there once", async () => {
    let lost = 0;
    await page.route("**/api/patients/*/notes", async (route) => {
      if (route.request().method() === "POST" && lost++ === 0) {
        await route.fetch();
        await route.abort("connectionreset");
      } else {
        await route.fallback();
      }
    });
    await page.getByLabel("本文").fill("返事が届きませんでした。");
    await send.click();
    await expect(page.getByText("送信待ち")).toBeVisible();
    await page.getByRole("button", { name: "今すぐ送る" }).click();
    await expect(noteWith(page, "返事が届きませんでした。")).toHaveCount(1);
    expect(lost).toBe(2);
    expect(await count("返事が届きませんでした。")).toBe(1);
  });

  await test.step("a second press while it is under way does not send twice", async () => {
    await page.unrouteAll({ behavior: "wait" });
    await page.getByLabel("本文").fill("二度押しました。");
    await send.dblclick();
    await expect(noteWith(page, "二度押しました。")).toHaveCount(1);
    expect(await count("二度押しました。")).toBe(1);
  });

  await test.step("waiting when the page is closed: the next visit sends it", async () => {
    await page.context().setOffline(true);
    await page.getByLabel("本文").fill("閉じても残ります。");
    await send.click();
    await expect(page.getByText("送信待ち")).toBeVisible();
    const context = page.context();
    await page.close();
    await context.setOffline(false);
    const next = await context.newPage();
    await openBook(next, patient.name);
    await expect(noteWith(next, "閉じても残ります。")).toHaveCount(1);
    expect(await count("閉じても残ります。")).toBe(1);
  });
});
