import { DOCTOR, NURSE } from "../support/people.ts";
import { Caller } from "../support/api.ts";
import { composer, expect, nameOf, noteWith, openBook, sharedPatient, signIn, test } from "../support/journey.ts";

test("a session that ended while a nurse wrote: she signs in again and goes on", async ({ city, enter }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const page = await enter(NURSE);
  const again = page.getByRole("dialog", { name: "もう一度サインイン" });
  await openBook(page, patient.name);

  await test.step("an hour without a request ends the session; the screen is covered", async () => {
    await page.getByLabel("本文").fill("一時間かけて書きました。");
    // What the page asks by itself would find out first.
    await page.route("**/pulse", (route) => route.abort());
    await city.setClock("2026-11-20T11:01:00+09:00");
    await composer(page).getByRole("button", { name: "送信" }).click();
    await expect(again).toContainText(`${nameOf(city, NURSE)}さん、サインインの有効時間が終わりました。入力した内容は残っています。`);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await expect(again).toBeVisible();
  });

  await test.step("the doctor signs in in another tab: her note waits on, and goes out under nobody else's name", async () => {
    const tab = await page.context().newPage();
    await tab.goto("/signin");
    await signIn(tab, city, DOCTOR);
    // Her tab goes on trying, and has the doctor's cookie now.
    const tried = await page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/notes"));
    expect((await tried.response())?.status()).toBe(401);
    await openBook(tab, patient.name);
    await expect(noteWith(tab, "一時間かけて書きました。")).toHaveCount(0);
    await expect(again).toBeVisible();
    await tab.close();
  });

  await test.step("a wrong password is said within the dialog", async () => {
    await again.getByLabel("ユーザーID").fill(NURSE);
    await again.getByLabel("パスワード").fill("Shiokaze-27-hasi!");
    await again.getByRole("button", { name: "サインイン", exact: true }).click();
    await expect(again.getByRole("alert")).toContainText("ユーザーIDまたはパスワードが違います。");
  });

  await test.step("signed in again, nothing is lost and the note goes out once", async () => {
    const right = city.is.accounts.find((account) => account.user_id === NURSE)?.password ?? "";
    await again.getByLabel("パスワード").fill(right);
    await again.getByRole("button", { name: "サインイン", exact: true }).click();
    await again.getByLabel("確認コード").fill(await city.code(NURSE));
    await page.unrouteAll();
    await again.getByRole("button", { name: "サインイン", exact: true }).click();
    await expect(again).toBeHidden();
    const now = page.getByRole("button", { name: "今すぐ送る" });
    await expect(now.or(noteWith(page, "一時間かけて書きました。"))).toBeVisible();
    // It goes out by itself, too, a moment later.
    if (await now.isVisible()) await now.click({ timeout: 2_000 }).catch(() => undefined);
    await expect(noteWith(page, "一時間かけて書きました。")).toHaveCount(1);
    await expect(page.getByLabel("本文")).toHaveValue("");
    const notes = await (await Caller.of(city, DOCTOR)).notes(patient.id);
    const sent = notes.filter((note) => note.text === "一時間かけて書きました。");
    expect(sent.map((note) => note.author.name)).toEqual([nameOf(city, NURSE)]);
  });
});
