import { DOCTOR, NURSE } from "../support/people.ts";
import { composer, expect, noteWith, openBook, sharedPatient, signIn, signOut, test } from "../support/journey.ts";

const TYPED = "午後の訪問で詳しく書きます。SpO2は";

test("what a nurse typed outlives reload and sign-out, and the next person at the PC does not see it", async ({ city, enter }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const page = await enter(NURSE);
  const text = page.getByLabel("本文");
  const kind = composer(page).getByRole("radio", { name: "報告" });
  const kept = () => page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));

  await test.step("she begins a report and is called away", async () => {
    await openBook(page, patient.name);
    await text.fill(TYPED);
    await kind.check();
    await expect.poll(kept).toContain("tsunagaru.draft.");
  });

  await test.step("the draft outlives a reload", async () => {
    await page.reload();
    await expect(text).toHaveValue(TYPED);
    await expect(kind).toBeChecked();
  });

  await test.step("what lies in the browser cannot be read", async () => {
    await text.press("End");
    await page.keyboard.type("98%。");
    await signOut(page);
    expect(await kept()).not.toContain("SpO2");
    expect(await kept()).not.toContain(patient.name);
  });

  await test.step("the doctor signs in at the same PC and finds an empty form", async () => {
    await signIn(page, city, DOCTOR);
    await openBook(page, patient.name);
    await expect(text).toHaveValue("");
    await text.fill("医師の書きかけ");
    await signOut(page);
  });

  await test.step("the nurse signs in again and goes on, to the last letter", async () => {
    await signIn(page, city, NURSE);
    await openBook(page, patient.name);
    await expect(text).toHaveValue(`${TYPED}98%。`);
    await composer(page).getByRole("button", { name: "送信" }).click();
    await expect(noteWith(page, `${TYPED}98%。`)).toHaveCount(1);
  });

  await test.step("once sent it is no draft any more", async () => {
    await page.reload();
    await expect(noteWith(page, `${TYPED}98%。`)).toHaveCount(1);
    await expect(text).toHaveValue("");
  });
});
