import { DOCTOR, NURSE } from "../support/people.ts";
import { composer, expect, nameOf, noteWith, openBook, sharedPatient, test } from "../support/journey.ts";
import { Caller } from "../support/api.ts";

/** What another person does is asked for every 15 seconds. */
const NEWS = { timeout: 45_000 };

test("two at once: the doctor reads, presses 了解 and replies; the nurse sees it without doing anything", async ({ city, enter }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  await (await Caller.of(city, DOCTOR)).readAll(patient.id);
  const nurse = await enter(NURSE);
  const doctor = await enter(DOCTOR);
  const text = "昨夜から微熱。水分は取れています。";
  // The reply quotes the text, too.
  const hers = nurse.getByRole("article", { name: nameOf(city, NURSE) }).filter({ hasText: text });

  await test.step("the nurse sends a note; nobody has read it", async () => {
    await openBook(nurse, patient.name);
    await nurse.getByLabel("本文").fill(text);
    await composer(nurse).getByRole("button", { name: "送信" }).click();
    await expect(hers).toContainText("既読 0/");
  });

  await test.step("the doctor sees one unread note on his home page", async () => {
    await doctor.goto("/");
    await expect(doctor.getByRole("link", { name: `${patient.name} さん` })).toContainText("未読 1件");
  });

  await test.step("he opens it", async () => {
    await doctor.getByRole("link", { name: `${patient.name} さん` }).click();
    await expect(doctor.getByText("ここから未読")).toBeVisible();
    await expect(noteWith(doctor, text)).toBeInViewport();
  });

  await test.step("the nurse sees by name who has read and who has not", async () => {
    await expect(hers).toContainText("既読 1/", NEWS);
    await hers.getByText("既読 1/").click();
    await expect(hers).toContainText(/まだ読んでいない人（\d+人）.*読んだ人（1人）/s);
    await expect(hers.getByRole("listitem").filter({ hasText: nameOf(city, DOCTOR) })).toBeVisible();
  });

  await test.step("he presses 了解 and replies", async () => {
    await noteWith(doctor, text).getByRole("button", { name: "了解" }).click();
    await expect(noteWith(doctor, text).getByRole("button", { name: "了解済み" })).toHaveAttribute("aria-pressed", "true");
    await noteWith(doctor, text).getByRole("button", { name: "返信" }).click();
    await expect(doctor.getByLabel("本文")).toBeFocused();
    await expect(composer(doctor)).toContainText(`${nameOf(city, NURSE)}さんへの返信`);
    await doctor.keyboard.type("承知しました。明朝に往診します。");
    await composer(doctor).getByRole("button", { name: "送信" }).click();
    await expect(noteWith(doctor, "明朝に往診します。")).toBeVisible();
  });

  await test.step("the nurse sees 了解 with his name, and the reply, without a reload", async () => {
    await expect(hers).toContainText("・了解 1", NEWS);
    await expect(hers).toContainText(new RegExp(`了解を押した人（1人）${nameOf(city, DOCTOR)}`));
    await expect(noteWith(nurse, "明朝に往診します。")).toContainText(`${nameOf(city, NURSE)}さんへの返信`, NEWS);
  });

  await test.step("on the doctor's home page nothing of this patient waits any more", async () => {
    await doctor.getByRole("link", { name: "ホーム" }).first().click();
    await expect(doctor.getByText(/未読 \d+件（患者|ありません/).first()).toBeVisible();
    await expect(doctor.getByRole("link", { name: `${patient.name} さん` })).toHaveCount(0);
  });
});
