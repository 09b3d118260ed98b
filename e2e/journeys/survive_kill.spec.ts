import { randomInt } from "node:crypto";
import { DOCTOR, NURSE } from "../support/people.ts";
import { Caller, note, type Note } from "../support/api.ts";
import { composer, expect, noteWith, openBook, sharedPatient, test } from "../support/journey.ts";

/** What somebody sent, and the number under which the server confirmed it. */
interface Sent {
  what: object;
  text: string;
  number: number | undefined;
}

test("kill -9 at any moment: what was confirmed is there, once", async ({ city, enter }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const path = `/api/patients/${patient.id}/notes`;
  const page = await enter(NURSE);
  await openBook(page, patient.name);
  const sent: Sent[] = [];

  for (const round of [1, 2, 3]) {
    const last = randomInt(5, 60);
    await test.step(`round ${round}: four browsers send without a pause, the server dies after ${last} answers`, async () => {
      let confirmed = 0;
      const nurse = await Caller.of(city, NURSE);
      const doctor = await Caller.of(city, DOCTOR);
      const send = async (caller: Caller, who: number): Promise<void> => {
        for (let at = 1; ; at++) {
          const text = `${round}回目の${who}台目の${at}番目`;
          const entry: Sent = { what: note(text), text, number: undefined };
          sent.push(entry);
          // A connection that breaks ends the loop: nobody can know whether that note arrived.
          const answer = await caller.call("POST", path, entry.what).catch(() => undefined);
          if (answer === undefined) return;
          expect(answer.status, JSON.stringify(answer.body)).toBe(200);
          entry.number = (answer.body as Note).number;
          confirmed += 1;
          if (confirmed === last) void city.end("SIGKILL");
        }
      };
      await Promise.all([send(nurse, 1), send(nurse, 2), send(doctor, 3), send(doctor, 4)]);
    });

    await test.step("the nurse presses 送信 while it is dead: her note waits", async () => {
      await page.getByLabel("本文").fill(`${round}回目の停止中に書きました。`);
      await composer(page).getByRole("button", { name: "送信" }).click();
      await expect(page.getByText("送信待ち")).toBeVisible();
    });

    await test.step("it starts again on the same data: nothing confirmed is missing, nothing is there twice", async () => {
      await city.openAgain();
      const notes = await (await Caller.of(city, NURSE)).notes(patient.id);
      for (const { text, number } of sent) {
        const found = notes.filter((one) => one.text === text).map((one) => one.number);
        if (number === undefined) expect(found.length, text).toBeLessThanOrEqual(1);
        else expect(found, text).toEqual([number]);
      }
      expect(notes.map((one) => one.number)).toEqual(notes.map((_, at) => at + 1));
    });

    await test.step("her waiting note goes out, once", async () => {
      const now = page.getByRole("button", { name: "今すぐ送る" });
      const hers = noteWith(page, `${round}回目の停止中に書きました。`);
      await expect(now.or(hers).first()).toBeVisible();
      // It goes out by itself, too, a moment later.
      if (await now.isVisible()) await now.click({ timeout: 2_000 }).catch(() => undefined);
      await expect(hers).toHaveCount(1);
    });
  }

  await test.step("what was never confirmed is sent again under its number: now everything is there once", async () => {
    const nurse = await Caller.of(city, NURSE);
    const doctor = await Caller.of(city, DOCTOR);
    for (const { what, text } of sent.filter((one) => one.number === undefined)) {
      await (/[12]台目/.test(text) ? nurse : doctor).must("POST", path, what);
    }
    const texts = (await nurse.notes(patient.id)).map((one) => one.text);
    for (const { text } of sent) expect(texts.filter((one) => one === text), text).toHaveLength(1);
    for (const round of [1, 2, 3]) expect(texts.filter((one) => one === `${round}回目の停止中に書きました。`)).toHaveLength(1);
  });
});
