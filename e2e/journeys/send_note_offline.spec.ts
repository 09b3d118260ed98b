import type { Page } from "@playwright/test";
import { DOCTOR, NURSE } from "../support/people.ts";
import { Caller } from "../support/api.ts";
import type { City } from "../support/city.ts";
import { composer, expect, noteWith, openBook, sharedPatient, test } from "../support/journey.ts";

const NOTES = "**/api/patients/*/notes";
const REFUSED = { type: "urn:tsunagaru:problem:not_found", code: "not_found", status: 404, title: "見つかりません。", instance: "01J" };

/** How many notes with this text a colleague finds. */
async function countOf(city: City, patient: string, text: string): Promise<number> {
  const notes = await (await Caller.of(city, DOCTOR)).notes(patient);
  return notes.filter((note) => note.text === text).length;
}

/** The browser tells the page that the network is back. */
async function comeBack(page: Page): Promise<void> {
  await page.context().setOffline(true);
  await page.context().setOffline(false);
}

test("a nurse sends in a dead spot: the note waits and goes out exactly once", async ({ city, enter }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const page = await enter(NURSE);
  const send = composer(page).getByRole("button", { name: "送信" });
  const options = [
    composer(page).getByRole("radio", { name: "報告" }),
    composer(page).getByRole("checkbox", { name: "重要" }),
  ];
  const count = (text: string) => countOf(city, patient.id, text);
  await openBook(page, patient.name);

  await test.step("without a connection the note waits, and says so", async () => {
    await page.context().setOffline(true);
    await page.getByLabel("本文").fill("圏外で書きました。");
    await send.click();
    await expect(page.getByText("送信待ち")).toBeVisible();
    await expect(page.getByText("書いた内容は残っています。")).toBeVisible();
    for (const option of options) await expect(option).toBeDisabled();
    expect(await count("圏外で書きました。")).toBe(0);
  });

  await test.step("with the connection it goes out by itself", async () => {
    await page.context().setOffline(false);
    await expect(noteWith(page, "圏外で書きました。")).toHaveCount(1);
    await expect(page.getByText("送信待ち")).toBeHidden();
    await expect(page.getByLabel("本文")).toHaveValue("");
    for (const option of options) await expect(option).toBeEnabled();
    expect(await count("圏外で書きました。")).toBe(1);
  });

  await test.step("an answer that gets lost on the way: sent again, and still there once", async () => {
    let lost = 0;
    await page.route(NOTES, async (route) => {
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

test("a nurse goes on to the next patient while her note waits: it goes out from wherever she is, and every page says how it stands", async ({ city, enter }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const page = await enter(NURSE);
  const text = page.getByLabel("本文");
  const send = composer(page).getByRole("button", { name: "送信" });
  const card = page.getByRole("link", { name: `${patient.name} さん` });
  const waiting = page.getByRole("status").filter({ hasText: "送信待ちの連絡が1件あります。" });
  const left = page.getByRole("status").filter({ hasText: "送信できなかった連絡があります。" });
  const count = (words: string) => countOf(city, patient.id, words);
  const toList = async () => {
    await page.getByRole("navigation", { name: "メニュー", exact: true }).getByRole("link", { name: "患者一覧" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "患者一覧" })).toBeVisible();
  };
  await openBook(page, patient.name);

  await test.step("in a dead spot she sends an urgent note and goes to the list, which says that nobody has it yet", async () => {
    await page.context().setOffline(true);
    await text.fill("今夜から絶食です。");
    await composer(page).getByRole("radio", { name: "緊急" }).check();
    await send.click();
    await expect(page.getByText("送信待ち")).toBeVisible();
    await toList();
    await expect(waiting).toBeVisible();
    await expect(waiting.getByRole("link", { name: `${patient.name}さん` })).toBeVisible();
    expect(await count("今夜から絶食です。")).toBe(0);
  });

  await test.step("where pages load and the note does not get through, the patient bears a mark, after a reload too", async () => {
    await page.route(NOTES, (route) => (route.request().method() === "POST" ? route.abort("connectionreset") : route.fallback()));
    await page.context().setOffline(false);
    await page.reload();
    await expect(waiting).toBeVisible();
    await expect(card.getByText("送信待ち", { exact: true })).toBeVisible();
    await page.goto("/");
    await expect(waiting).toBeVisible();
    await expect(card.getByText("送信待ち", { exact: true })).toBeVisible();
  });

  await test.step("in another patient's book the line stands beside the composer", async () => {
    await page.goto("/patients");
    await page.getByRole("main").getByRole("link", { name: / さん/ }).filter({ hasNotText: patient.name }).first().click();
    await expect(page.getByRole("heading", { level: 1, name: /さんの連絡帳$/ })).toBeVisible();
    await expect(waiting).toBeInViewport();
  });

  await test.step("with the connection it goes out while she is at the list: the colleague has it once, the line and the mark go", async () => {
    await toList();
    await page.unrouteAll({ behavior: "wait" });
    await comeBack(page);
    await expect(waiting).toBeHidden();
    await expect(card).toBeVisible();
    await expect(card.getByText("送信待ち")).toBeHidden();
    expect(await count("今夜から絶食です。")).toBe(1);
  });

  await test.step("its thread shows it, and nothing is left to send", async () => {
    await card.click();
    await expect(noteWith(page, "今夜から絶食です。")).toHaveCount(1);
    await expect(text).toHaveValue("");
    await page.reload();
    await expect(noteWith(page, "今夜から絶食です。")).toHaveCount(1);
    expect(await count("今夜から絶食です。")).toBe(1);
  });

  await test.step("leaving while the answer is still out does not stop it", async () => {
    let answer = (): void => undefined;
    const answered = new Promise<void>((done) => (answer = done));
    await page.route(NOTES, async (route) => {
      if (route.request().method() === "POST") await answered;
      await route.fallback();
    });
    await text.fill("返事を待たずに移りました。");
    await send.click();
    await toList();
    await expect(waiting).toBeVisible();
    answer();
    await expect(waiting).toBeHidden();
    await page.unrouteAll({ behavior: "wait" });
    expect(await count("返事を待たずに移りました。")).toBe(1);
  });

  await test.step("another window of hers sends what waits in this one: both have let it go, and it is there once", async () => {
    await card.click();
    await page.route(NOTES, (route) => (route.request().method() === "POST" ? route.abort("connectionreset") : route.fallback()));
    await text.fill("二つの窓で開いています。");
    await send.click();
    await expect(page.getByText("送信待ち")).toBeVisible();
    const other = await page.context().newPage();
    await other.goto("/patients");
    await expect(other.getByRole("link", { name: `${patient.name} さん` })).toBeVisible();
    await expect(other.getByRole("status").filter({ hasText: "送信待ちの連絡" })).toBeHidden();
    expect(await count("二つの窓で開いています。")).toBe(1);
    await page.unrouteAll({ behavior: "wait" });
    await comeBack(page);
    await expect(noteWith(page, "二つの窓で開いています。")).toHaveCount(1);
    await expect(text).toHaveValue("");
    await other.close();
    expect(await count("二つの窓で開いています。")).toBe(1);
  });

  await test.step("what the server will not take is not sent again: the pages say so and lead there, and she can mend it", async () => {
    let asked = 0;
    await page.route(NOTES, async (route) => {
      if (route.request().method() !== "POST") await route.fallback();
      else if (asked++ === 0) await route.abort("connectionreset");
      else await route.fulfill({ status: 404, contentType: "application/problem+json", body: JSON.stringify(REFUSED) });
    });
    await text.fill("受け付けられない連絡です。");
    await send.click();
    await expect(page.getByText("送信待ち")).toBeVisible();
    await toList();
    await comeBack(page);
    await expect(left).toBeVisible();
    await expect(card.getByText("未送信の連絡", { exact: true })).toBeVisible();
    await page.reload();
    await expect(left).toBeVisible();
    await comeBack(page);
    await left.getByRole("link", { name: `${patient.name}さん` }).click();
    await expect(composer(page)).toContainText("送信できませんでした。見つかりません。");
    await expect(left).toBeHidden();
    expect(asked).toBe(2);
    await page.unrouteAll({ behavior: "wait" });
    await send.click();
    await expect(noteWith(page, "受け付けられない連絡です。")).toHaveCount(1);
    await toList();
    await expect(card).toBeVisible();
    await expect(card.getByText("未送信の連絡")).toBeHidden();
    expect(await count("受け付けられない連絡です。")).toBe(1);
  });
});
