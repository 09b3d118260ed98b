import { DOCTOR, NURSE } from "../support/people.ts";
import { Caller, newCommand } from "../support/api.ts";
import { composer, expect, nameOf, noteWith, openBook, sharedPatient, test } from "../support/journey.ts";

const TEXT = "採血の結果を教えてください。";

test("addressees who leave the care team hold no note up", async ({ city, enter }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const nurse = await Caller.of(city, NURSE);
  const { team } = await nurse.page(patient.id);
  const [one, other] = team.filter((member) => member.name !== nameOf(city, NURSE));
  if (one === undefined || other === undefined) throw new Error("two people are needed beside the nurse");
  const leaves = (account: string) =>
    nurse.must("POST", `/api/patients/${patient.id}/team/${account}/departure`, { command: newCommand(), reason: "担当の変更" });
  const page = await enter(NURSE);
  const form = composer(page);
  const send = form.getByRole("button", { name: "送信" });
  const takenOff = form.getByText("支援チームから外れた人を、宛先から外しました。今の宛先を確かめてください。");

  await test.step("she addresses a note to two people", async () => {
    // The page is to learn of the departure from the refusal, not from its next look for news.
    await page.route("**/api/patients/*/pulse", (route) => route.abort());
    await openBook(page, patient.name);
    await page.getByLabel("本文").fill(TEXT);
    await form.getByText("宛先: 支援チーム全員").click();
    for (const { name } of [one, other]) await form.getByRole("checkbox", { name }).check();
    await expect(form.getByText(`宛先: ${one.name}さん、${other.name}さん`, { exact: true })).toBeVisible();
  });

  await test.step("one has left when she sends: nothing is sent, the form says who is addressed now", async () => {
    await leaves(one.account);
    await send.click();
    await expect(takenOff).toBeVisible();
    await expect(form.getByText(`宛先: ${other.name}さん`, { exact: true })).toBeVisible();
    await expect(form).toContainText("送信できませんでした。宛先の人が支援チームにいません。内容を確かめて「送信」を押してください。");
    await expect(page.getByLabel("本文")).toHaveValue(TEXT);
    await expect(noteWith(page, TEXT)).toHaveCount(0);
  });

  await test.step("the other one leaves while the draft lies on the device: said once", async () => {
    await leaves(other.account);
    await page.reload();
    await expect(takenOff).toBeVisible();
    await page.getByLabel("本文").click();
    await expect(form.getByText("宛先: 支援チーム全員")).toBeVisible();
    await page.reload();
    await expect(page.getByLabel("本文")).toHaveValue(TEXT);
    await expect(takenOff).toHaveCount(0);
  });

  await test.step("the note goes to everybody", async () => {
    await send.click();
    await expect(noteWith(page, TEXT)).toHaveCount(1);
    await expect(noteWith(page, TEXT)).not.toContainText("宛先:");
  });
});
