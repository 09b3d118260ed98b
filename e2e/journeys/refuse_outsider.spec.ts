import { AUDITOR, CITY_OFFICIAL, DOCTOR, NURSE, OPERATOR, OUTSIDER, SYSTEM_ADMIN } from "../support/people.ts";
import { Caller, note } from "../support/api.ts";
import { expect, sharedPatient, test } from "../support/journey.ts";

/** No patient: well formed, and made by nobody. */
const NOBODY = "01K00000000000000000000000";

test("who does not care for a patient learns nothing of them", async ({ city, enter }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);

  await test.step("a nurse of another team does not find the patient in her list", async () => {
    const page = await enter(OUTSIDER);
    await page.goto("/patients");
    await expect(page.getByRole("status").filter({ hasText: /\d+人/ })).toBeVisible();
    await expect(page.getByRole("link", { name: patient.name })).toHaveCount(0);
  });

  await test.step("the page answers her as if the patient did not exist", async () => {
    const page = await enter(OUTSIDER);
    const said: string[] = [];
    for (const id of [patient.id, NOBODY]) {
      await page.goto(`/patients/${id}`);
      await expect(page.getByText("この患者の連絡帳は見つかりません。")).toBeVisible();
      said.push(await page.getByRole("main").ariaSnapshot());
    }
    expect(said[0]).toBe(said[1]);
    expect(said.join()).not.toContain(patient.name);
  });

  await test.step("so does the API: 404, whatever she asks", async () => {
    const outsider = await Caller.of(city, OUTSIDER);
    const nurse = await Caller.of(city, NURSE);
    const written = await nurse.write(patient.id, "よその人には見えません。");
    const book = `/api/patients/${patient.id}`;
    const one = `${book}/notes/${written.number}`;
    const command = { command: "01K7V7FH42SBMNRC6K4BFQXAZB" };
    const answers = [
      await outsider.call("GET", `${book}/notes`),
      await outsider.call("GET", `${book}/pulse`),
      await outsider.call("POST", `${book}/notes`, note("侵入")),
      await outsider.call("PUT", `${book}/receipt`, { number: 1 }),
      await outsider.call("POST", `${one}/acknowledgement`, command),
      await outsider.call("POST", `${one}/revision`, { ...command, revision: 1, text: "改ざん" }),
      await outsider.call("POST", `${one}/retraction`, { ...command, revision: 1, reason: "改ざん" }),
      await outsider.call("GET", `${one}/history`),
      await outsider.call("GET", `/api/patients/${NOBODY}/notes`),
    ];
    for (const answer of answers) expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect((await nurse.notes(patient.id)).at(-1)).toMatchObject({ text: "よその人には見えません。" });
  });

  for (const who of [CITY_OFFICIAL, OPERATOR, SYSTEM_ADMIN, AUDITOR]) {
    await test.step(`${who} has no patients: no entry, no page, no answer`, async () => {
      const page = await enter(who);
      await expect(page.getByRole("heading", { name: "ホーム" })).toBeVisible();
      await expect(page.getByRole("link", { name: "患者一覧" })).toHaveCount(0);
      for (const path of ["/patients", `/patients/${patient.id}`]) {
        await page.goto(path);
        await expect(page.getByRole("heading", { name: "ページが見つかりません" })).toBeVisible();
      }
      const caller = await Caller.of(city, who);
      for (const path of ["/api/patients", `/api/patients/${patient.id}/notes`]) {
        expect(await caller.call("GET", path)).toMatchObject({ status: 403, body: { code: "forbidden" } });
      }
    });
  }

  await test.step("without a session there is nothing at all", async () => {
    const stranger = new Caller(city.url);
    expect(await stranger.call("GET", "/api/patients")).toMatchObject({ status: 401, body: { code: "sign_in_first" } });
  });
});
