import type { Locator, Page } from "@playwright/test";
import { DOCTOR, NURSE } from "../support/people.ts";
import { Caller } from "../support/api.ts";
import { composer, expect, nameOf, noteWith, sharedPatient, test } from "../support/journey.ts";

/** Presses Tab until something has the focus; whoever needs more than this many has no keyboard page. */
async function tabTo(page: Page, wanted: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  for (let pressed = 0; pressed < 60; pressed++) {
    if (await wanted.evaluateAll((found) => found.some((one) => one === document.activeElement))) return;
    await page.keyboard.press(key);
  }
  await expect(wanted, `reached with ${key}`).toBeFocused();
}

/** What has the focus can be seen: it has an outline, itself or what stands for it. */
async function expectVisibleFocus(page: Page): Promise<void> {
  const seen = await page.evaluate(() => {
    const one = document.activeElement;
    const around = one ? [one, one.nextElementSibling, one.parentElement] : [];
    return around.some((near) => {
      const style = near && getComputedStyle(near);
      return style !== null && (style.outlineStyle !== "none" || style.boxShadow !== "none");
    });
  });
  expect(seen, "the focus can be seen").toBe(true);
}

test("a nurse signs in, writes, sends, corrects and signs out without touching a mouse", async ({ city, visit }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const page = await visit();

  await test.step("the sign-in form waits with the focus in its first field", async () => {
    await page.goto("/signin");
    await expect(page.getByLabel("ユーザーID")).toBeFocused();
    await page.keyboard.type(NURSE);
    await page.keyboard.press("Tab");
    await page.keyboard.type(city.is.accounts.find((account) => account.user_id === NURSE)?.password ?? "");
    await page.keyboard.press("Enter");
    await expect(page.getByLabel("確認コード")).toBeFocused();
    await page.keyboard.type(await city.code(NURSE));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "ホーム" })).toBeVisible();
  });

  await test.step("the first Tab offers the way past the menu", async () => {
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "本文へ移動" })).toBeFocused();
    await expectVisibleFocus(page);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("main")).toBeFocused();
  });

  await test.step("to the list and to the patient", async () => {
    await tabTo(page, page.getByRole("navigation", { name: "メニュー" }).getByRole("link", { name: "患者一覧" }), "Shift+Tab");
    await expectVisibleFocus(page);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "患者一覧" })).toBeFocused();
    await tabTo(page, page.getByRole("link", { name: `${patient.name} さん` }));
    await expectVisibleFocus(page);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: `${patient.name}さんの連絡帳` })).toBeFocused();
  });

  await test.step("one short cut leads to the text", async () => {
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "連絡を書くところへ移動" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByLabel("本文")).toBeFocused();
    await page.keyboard.type("キーボードだけで書きました。");
  });

  await test.step("kind, importance and addressees", async () => {
    await tabTo(page, composer(page).getByRole("radio", { checked: true }), "Shift+Tab");
    await expectVisibleFocus(page);
    await page.keyboard.press("ArrowRight");
    await expect(composer(page).getByRole("radio", { name: "報告" })).toBeChecked();
    await page.keyboard.press("Tab");
    await expect(composer(page).getByRole("checkbox", { name: "重要" })).toBeFocused();
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await tabTo(page, composer(page).getByRole("checkbox", { name: nameOf(city, DOCTOR) }));
    await page.keyboard.press("Space");
  });

  const sent = noteWith(page, "キーボードだけで書きました。");
  await test.step("Ctrl+Enter sends", async () => {
    await tabTo(page, page.getByLabel("本文"));
    await page.keyboard.press("Control+Enter");
    await expect(sent).toContainText("報告");
    await expect(sent).toContainText("重要");
    await expect(sent).toContainText(`宛先: ${nameOf(city, DOCTOR)}さん`);
    await expect(page.getByLabel("本文")).toBeFocused();
  });

  await test.step("the correction: the dialog takes the focus, Esc gives it back", async () => {
    const correct = sent.getByRole("button", { name: "訂正", exact: true });
    await tabTo(page, correct, "Shift+Tab");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "連絡を訂正する" });
    await expect(dialog).toBeVisible();
    await tabTo(page, dialog.getByRole("textbox"));
    await page.keyboard.press("Control+End");
    await page.keyboard.type("追記。");
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(correct).toBeFocused();
    await page.keyboard.press("Enter");
    await tabTo(page, dialog.getByRole("button", { name: "訂正する" }));
    await page.keyboard.press("Enter");
    await expect(sent).toContainText("キーボードだけで書きました。追記。");
  });

  await test.step("signing out", async () => {
    await tabTo(page, page.getByRole("banner").getByRole("button", { name: "サインアウト" }), "Shift+Tab");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "サインイン", exact: true })).toBeVisible();
  });
});

test("the keyboard's focus stays on a patient while the lists look for news", async ({ city, enter }) => {
  const [doctor, nurse] = [await Caller.of(city, DOCTOR), await Caller.of(city, NURSE)];
  const his = (await doctor.patients()).map((patient) => patient.id);
  const [quiet, lively] = (await nurse.patients()).filter((patient) => his.includes(patient.id));
  if (quiet === undefined || lively === undefined) throw new Error("they share fewer than two patients");
  await doctor.write(quiet.id, "こちらは待っています。");
  const page = await enter(NURSE);

  for (const place of ["/patients", "/"]) {
    await test.step(`on ${place}`, async () => {
      await nurse.readAll(lively.id);
      await page.goto(place);
      const focused = page.getByRole("main").getByRole("link", { name: `${quiet.name} さん` });
      await focused.focus();
      await doctor.write(lively.id, "新しい連絡です。");
      await expect(async () => {
        // As when she comes back to the window: the list looks at once.
        await page.evaluate(() => window.dispatchEvent(new Event("focus")));
        const news = page.getByRole("main").getByRole("link", { name: `${lively.name} さん` });
        await expect(news).toContainText("未読 1件", { timeout: 1_000 });
      }).toPass();
      await expect(focused).toBeFocused();
    });
  }
});
