import { DOCTOR, NURSE } from "../support/people.ts";
import { Caller } from "../support/api.ts";
import { expect, noteWith, openBook, sharedPatient, test } from "../support/journey.ts";

const WRONG = "体重は 52kg でした。";
const RIGHT = "夕方にもう一度うかがいます。";
const LATEST = "ご家族に電話しました。";
const REASON = "内容に誤りがあった";

test("a retraction begun on one note never falls on another, not even after a reload", async ({ city, enter }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const nurse = await Caller.of(city, NURSE);
  await nurse.write(patient.id, WRONG);
  await nurse.write(patient.id, RIGHT);
  await nurse.readAll(patient.id);
  const page = await enter(NURSE);
  await openBook(page, patient.name);
  const begun = page.getByRole("group", { name: "途中の訂正・取消" });
  const retracting = page.getByRole("dialog", { name: "連絡を取り消す" });
  const correcting = page.getByRole("dialog", { name: "連絡を訂正する" });
  const press = (text: string, button: string) => noteWith(page, text).getByRole("button", { name: button, exact: true }).click();

  await test.step("she begins to retract a note, gives the reason and closes the form", async () => {
    await press(WRONG, "取消");
    await retracting.getByRole("button", { name: REASON }).click();
    await retracting.getByRole("button", { name: "閉じる" }).click();
    await expect(begun).toContainText(`「${WRONG}」の取消が途中です。`);
  });

  await test.step("another note, or another change of the same one: she is led to what comes first", async () => {
    await press(RIGHT, "取消");
    await expect(begun).toBeFocused();
    await expect(begun).toContainText("先に、この取消を続けるか、捨ててください。");
    await expect(retracting).toBeHidden();
    await press(WRONG, "訂正");
    await expect(begun).toBeFocused();
    await expect(correcting).toBeHidden();
    await expect(retracting).toBeHidden();
  });

  await test.step("the same change of the same note goes on", async () => {
    await press(WRONG, "取消");
    await expect(retracting.getByRole("textbox")).toHaveValue(REASON);
    await retracting.getByRole("button", { name: "閉じる" }).click();
    await expect(begun).not.toContainText("先に、");
  });

  await test.step("after a reload the note is pages away: it is fetched to say which one it is", async () => {
    for (let at = 1; at <= 60; at++) await nurse.write(patient.id, `記録の${at}番目です。`);
    await nurse.write(patient.id, LATEST);
    await nurse.readAll(patient.id);
    await page.reload();
    await expect(noteWith(page, LATEST)).toBeInViewport();
    await expect(noteWith(page, WRONG)).toHaveCount(0);
    await press(LATEST, "取消");
    await expect(begun).toContainText(`「${WRONG}」の取消が途中です。`);
    await expect(retracting).toBeHidden();
  });

  await test.step("going on shows the note; she drops it", async () => {
    await begun.getByRole("button", { name: "続ける" }).click();
    await expect(retracting).toContainText(WRONG);
    await expect(retracting.getByRole("textbox")).toHaveValue(REASON);
    await retracting.getByRole("button", { name: "やめる" }).click();
    await expect(begun).toBeHidden();
  });

  await test.step("now the other one: an empty form that quotes it, and only it is retracted", async () => {
    await press(LATEST, "取消");
    await expect(retracting).toContainText(LATEST);
    await expect(retracting.getByRole("textbox")).toHaveValue("");
    await retracting.getByRole("button", { name: "同じ連絡を二重に送った" }).click();
    await retracting.getByRole("button", { name: "取り消す", exact: true }).click();
    await expect(page.getByRole("article").last()).toContainText("取り消されました");
    await expect(page.getByRole("article").filter({ hasText: "取り消されました" }).filter({ hasText: WRONG })).toHaveCount(0);
  });
});
