import { DOCTOR, NURSE } from "../support/people.ts";
import { Caller } from "../support/api.ts";
import { composer, expect, nameOf, noteWith, openBook, sharedPatient, test } from "../support/journey.ts";

/** The notes that wait for the doctor: more than two pages. */
const LONG = 110;

function nth(at: number): string {
  return `長い記録の${at}番目です。`;
}

test("a doctor reads a long book from the first unread note on, and 既読 follows what he was shown", async ({ city, enter }) => {
  test.setTimeout(240_000);
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const nurse = await Caller.of(city, NURSE);
  const first = (await nurse.notes(patient.id))[0]?.text ?? "";
  await (await Caller.of(city, DOCTOR)).readAll(patient.id);
  const { last } = await nurse.page(patient.id);
  for (let at = 1; at <= LONG; at++) await nurse.write(patient.id, nth(at));
  /** How many of what came since the doctor has read, as his colleagues are told. */
  const read = async (): Promise<number> => {
    const { team } = await nurse.page(patient.id);
    return (team.find((member) => member.name === nameOf(city, DOCTOR))?.read_to ?? 0) - last;
  };
  const page = await enter(DOCTOR);
  const toUnread = page.getByRole("button", { name: /未読 \d+件の最初へ/ });

  await test.step("the book opens at the first unread note, though that lies pages back", async () => {
    await openBook(page, patient.name);
    await expect(page.getByText("ここから未読")).toBeInViewport();
    await expect(noteWith(page, nth(1))).toBeInViewport();
    await expect(noteWith(page, nth(LONG))).not.toBeInViewport();
    await expect.poll(read).toBeGreaterThan(0);
  });

  await test.step("he sends a note from there: the page goes to its end, and a button leads to what was skipped", async () => {
    await page.getByLabel("本文").fill("途中で送ります。");
    await composer(page).getByRole("button", { name: "送信" }).click();
    await expect(noteWith(page, "途中で送ります。")).toBeInViewport();
    await expect(toUnread).toBeVisible();
  });

  const hers = await enter(NURSE);
  await test.step("while he looks at the end, the nurse sees that he has not read what lies between", async () => {
    await openBook(hers, patient.name);
    await expect(noteWith(hers, nth(LONG))).toContainText("既読 0/");
    expect(await read()).toBeLessThan(LONG / 2);
  });

  await test.step("the book still waits on his home page, and opens where he had come to", async () => {
    const came = await read();
    await page.goto("/");
    const card = page.getByRole("link", { name: `${patient.name} さん` });
    await expect(card).toContainText(/未読 \d+件/);
    await card.click();
    await expect(page.getByText("ここから未読")).toBeInViewport();
    await expect(noteWith(page, nth(came + 1))).toBeInViewport();
    await expect.poll(read).toBeGreaterThan(came);
  });

  await test.step("from the end, the button leads to the first note that he has not seen", async () => {
    await page.keyboard.press("End");
    await expect(noteWith(page, nth(LONG))).toBeInViewport();
    await expect(toUnread).toBeVisible();
    const came = await read();
    await toUnread.click();
    await expect(noteWith(page, nth(came + 1))).toBeInViewport();
    await expect(toUnread).toBeHidden();
  });

  await test.step("he reads on to the end: nothing waits any more, and the nurse sees 既読", async () => {
    // A tall screen, so that a few of its heights are the whole book.
    await page.setViewportSize({ width: 1280, height: 3000 });
    await expect(async () => {
      // What he left too soon is not read: the button leads back to it.
      if (await toUnread.isVisible()) await toUnread.click();
      else await page.keyboard.press("PageDown");
      expect(await read()).toBe(LONG + 1);
    }).toPass({ intervals: [2_000] });
    await expect(noteWith(hers, nth(LONG))).toContainText("既読 1/", { timeout: 45_000 });
    await page.goto("/");
    await expect(page.getByText(/未読 \d+件（患者|ありません/).first()).toBeVisible();
    await expect(page.getByRole("link", { name: `${patient.name} さん` })).toHaveCount(0);
  });

  await test.step("now the book opens at its end; scrolling up brings the older notes, to the very first", async () => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await openBook(page, patient.name);
    await expect(noteWith(page, "途中で送ります。")).toBeInViewport();
    await expect(noteWith(page, nth(1))).toHaveCount(0);
    await expect(async () => {
      await page.mouse.move(640, 450);
      await page.mouse.wheel(0, -4000);
      await expect(page.getByText("ここが最初の連絡です。")).toBeInViewport({ timeout: 500 });
    }).toPass();
    await expect(page.getByRole("article").first()).toContainText(first.split("\n")[0] ?? "");
  });

  await test.step("every note is there once, in order", async () => {
    const all = (await nurse.notes(patient.id)).map((note) => note.number);
    const shown = await page.getByRole("article").evaluateAll((notes) => notes.map((note) => Number(note.id.replace("note-", ""))));
    expect(shown).toEqual(all);
  });
});
