import { DOCTOR, NURSE } from "../support/people.ts";
import { composer, expect, nameOf, openBook, sharedPatient, test } from "../support/journey.ts";
import { shoot } from "../support/shots.ts";

test("a nurse corrects a note and then retracts it: nothing disappears", async ({ city, enter }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const page = await enter(NURSE);
  await openBook(page, patient.name);
  const note = page.getByRole("article").last();
  const change = (title: string) => page.getByRole("dialog", { name: title });

  await test.step("she sends a note with a slip in it", async () => {
    await page.getByLabel("本文").fill("血圧 180/80 でした。");
    await composer(page).getByRole("button", { name: "送信" }).click();
    await expect(note).toContainText("血圧 180/80 でした。");
  });

  await test.step("a correction begun and closed is not lost", async () => {
    await note.getByRole("button", { name: "訂正" }).click();
    await change("連絡を訂正する").getByRole("textbox").fill("血圧 108/80 でした。");
    await page.keyboard.press("Escape");
    await expect(page.getByText("の訂正が途中です。")).toBeVisible();
    await page.getByRole("button", { name: "続ける" }).click();
    await expect(change("連絡を訂正する").getByRole("textbox")).toHaveValue("血圧 108/80 でした。");
  });

  await test.step("she corrects it; the earlier text stays as history", async () => {
    await shoot(page, "correcting-1280");
    await change("連絡を訂正する").getByRole("button", { name: "訂正する" }).click();
    await expect(note).toContainText("血圧 108/80 でした。");
    await note.getByRole("button", { name: "訂正済み（1回）" }).click();
    const history = change("訂正の履歴");
    await expect(history).toContainText(/今の文.*血圧 108\/80 でした。.*最初の文.*血圧 180\/80 でした。/s);
    await shoot(page, "history-1280");
    await history.getByRole("button", { name: "閉じる" }).click();
  });

  await test.step("without a reason she cannot retract", async () => {
    await note.getByRole("button", { name: "取消" }).click();
    await change("連絡を取り消す").getByRole("button", { name: "取り消す", exact: true }).click();
    await expect(change("連絡を取り消す")).toContainText("理由を入力してください。");
  });

  await test.step("with a reason it stays as a tombstone, the text behind a disclosure", async () => {
    await change("連絡を取り消す").getByRole("button", { name: "別の患者さんの連絡帳に書いた" }).click();
    await change("連絡を取り消す").getByRole("button", { name: "取り消す", exact: true }).click();
    await expect(note).toContainText("取り消されました");
    await expect(note).toContainText("理由: 別の患者さんの連絡帳に書いた");
    await expect(note).toContainText(nameOf(city, NURSE));
    await expect(note.getByText("血圧 108/80 でした。")).toBeHidden();
    await expect(note.getByRole("button", { name: "訂正", exact: true })).toHaveCount(0);
  });

  await test.step("the doctor sees the same, and may correct nobody else's note", async () => {
    const doctor = await enter(DOCTOR);
    await openBook(doctor, patient.name);
    const tombstone = doctor.getByRole("article").last();
    await expect(tombstone).toContainText("理由: 別の患者さんの連絡帳に書いた");
    await tombstone.getByText("取り消された文を見る").click();
    await expect(tombstone.getByText("血圧 108/80 でした。")).toBeVisible();
    const hers = doctor.getByRole("article", { name: nameOf(city, NURSE) });
    await expect(hers.getByRole("button", { name: "返信" }).first()).toBeVisible();
    await expect(hers.getByRole("button", { name: "訂正", exact: true })).toHaveCount(0);
    await shoot(doctor, "tombstone-1280");
  });
});
