import { DOCTOR, NURSE } from "../support/people.ts";
import { Caller } from "../support/api.ts";
import { expect, noteWith, openBook, sharedPatient, test } from "../support/journey.ts";

test("a doctor scrolls back through a long book, page by page", async ({ city, enter }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const nurse = await Caller.of(city, NURSE);
  const first = (await nurse.notes(patient.id))[0]?.text ?? "";
  for (let at = 1; at <= 110; at++) await nurse.write(patient.id, `長い記録の${at}番目です。`);
  const page = await enter(DOCTOR);

  await test.step("the book opens at the end; the beginning is not loaded", async () => {
    await openBook(page, patient.name);
    await expect(noteWith(page, "長い記録の110番目です。")).toBeInViewport();
    await expect(noteWith(page, first)).toHaveCount(0);
  });

  await test.step("a short cut leads to the first unread note", async () => {
    await page.getByRole("button", { name: /未読 \d+件の最初へ/ }).click();
    await expect(page.getByText("ここから未読")).toBeInViewport();
  });

  await test.step("scrolling up brings the older notes, to the very first", async () => {
    await expect(async () => {
      await page.mouse.move(640, 450);
      await page.mouse.wheel(0, -4000);
      await expect(page.getByText("ここが最初の連絡です。")).toBeInViewport({ timeout: 500 });
    }).toPass();
    await expect(page.getByRole("article").first()).toContainText(first.split("\n")[0] ?? "");
  });

  await test.step("every note is there once, in order", async () => {
    const all = (await (await Caller.of(city, DOCTOR)).notes(patient.id)).map((note) => note.number);
    const shown = await page.getByRole("article").evaluateAll((notes) => notes.map((note) => Number(note.id.replace("note-", ""))));
    expect(shown).toEqual(all);
  });
});
