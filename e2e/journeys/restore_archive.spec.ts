import { rm } from "node:fs/promises";
import { join } from "node:path";
import { DOCTOR, NURSE } from "../support/people.ts";
import { Caller, newCommand, type Note } from "../support/api.ts";
import { City, runLocal } from "../support/city.ts";
import { pdf } from "../support/files.ts";
import { expect, noteWith, openBook, sharedPatient, signIn, test } from "../support/journey.ts";

const AFTER = "2026-11-21T02:05:00+09:00";

/** A note as it is stored: without the short-lived addresses that each reader gets. */
function stored(note: Note): string {
  return JSON.stringify({ ...note, attachments: note.attachments.map((file) => ({ ...file, preview: undefined })) });
}

/** Everything that somebody can read: notes as text, earlier texts, the files' bytes. */
async function everything(city: City, userId: string): Promise<Map<string, string>> {
  const caller = await Caller.of(city, userId);
  const found = new Map<string, string>();
  for (const patient of await caller.patients()) {
    for (const note of await caller.notes(patient.id)) {
      const name = `${patient.id}/${note.number}`;
      found.set(name, stored(note));
      const history = await caller.must("GET", `/api/patients/${patient.id}/notes/${note.number}/history`);
      found.set(`${name}/history`, JSON.stringify(history));
      for (const file of note.attachments) {
        found.set(`${name}/${file.id}`, (await caller.file(patient.id, file.id)).toString("base64"));
      }
    }
  }
  return found;
}

test("the archive alone gives back every note, byte for byte", async ({ city, visit }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const book = `/api/patients/${patient.id}/notes`;
  const elsewhere = join(await City.folder(), "restored");

  await test.step("a day with everything that can happen to a note", async () => {
    const nurse = await Caller.of(city, NURSE);
    const doctor = await Caller.of(city, DOCTOR);
    const file = await nurse.attach(patient.id, "報告書.pdf", "application/pdf", pdf(5000));
    const sent = await nurse.write(patient.id, "血圧 180/80。\n「𠮷野家」の弁当を完食👏", { kind: "urgent", attachments: [file] });
    await doctor.must("POST", `${book}/${sent.number}/acknowledgement`, { command: newCommand() });
    await doctor.write(patient.id, "確認しました。", { reply_to: sent.number, importance: "high" });
    await nurse.must("POST", `${book}/${sent.number}/revision`, { command: newCommand(), revision: 1, text: "血圧 108/80。" });
    const wrong = await nurse.write(patient.id, "別の方の記録です。");
    await nurse.must("POST", `${book}/${wrong.number}/retraction`, { command: newCommand(), revision: 1, reason: "誤記" });
  });

  await test.step("the daily run, and a restore into an empty environment", async () => {
    await city.setClock(AFTER);
    await city.runDailyBackup();
    const said = await runLocal("restore", "--data", city.data, "--into", elsewhere);
    expect(said).toMatch(/restored \d+ generations: \d+ entries, \d+ notes, \d+ files/);
  });

  const restored = await City.start(elsewhere, AFTER);
  try {
    for (const who of [NURSE, DOCTOR]) {
      await test.step(`${who} reads the same in both`, async () => {
        const before = await everything(city, who);
        const after = await everything(restored, who);
        expect(before.size).toBeGreaterThan(100);
        expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
        for (const [name, text] of before) expect(after.get(name), name).toBe(text);
      });
    }

    await test.step("and the nurse works on in the restored one", async () => {
      const page = await visit({ baseURL: restored.url });
      await page.goto("/signin");
      await signIn(page, restored, NURSE);
      await openBook(page, patient.name);
      await page.getByLabel("本文").fill("復元後の最初の連絡です。");
      await page.getByRole("button", { name: "送信" }).click();
      await expect(noteWith(page, "復元後の最初の連絡です。")).toHaveCount(1);
    });
  } finally {
    await restored.end("SIGTERM");
    await rm(join(elsewhere, ".."), { recursive: true, force: true });
  }
});
