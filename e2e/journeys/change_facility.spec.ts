import { CITY_OFFICIAL, MANAGER, PHARMACIST } from "../support/people.ts";
import { expect, test } from "../support/journey.ts";
import { seenOnPortal } from "../support/portal.ts";

const NAME = "浜町しおじ訪問看護";
const POSTAL = "〒485-0088 みなと野市浜町8丁目8番地";

test("a facility moves: what is registered stands in the form, and the new place counts at once", async ({ enter, visit }) => {
  const manager = await enter(MANAGER);

  await test.step("the manager changes what changes", async () => {
    await manager.goto("/ask/facility_change");
    await expect(manager.getByLabel("施設の名称")).toHaveValue("訪問看護ステーションひなた");
    await expect(manager.getByLabel("電話番号")).not.toHaveValue("");
    await manager.getByLabel("施設の名称").fill(NAME);
    await manager.getByLabel("郵便番号と所在地").fill(POSTAL);
    await manager.getByLabel("電話番号").fill("0568-00-8888");
    await manager.getByLabel("理由").fill("移転のため");
    await manager.getByRole("button", { name: "市に依頼する" }).click();
    await expect(manager.getByRole("heading", { level: 1 })).toHaveText("施設の変更（FH-2026-0001）");
  });

  await test.step("the city makes sure and decides; the case keeps the old address", async () => {
    const official = await enter(CITY_OFFICIAL);
    await official.getByRole("link", { name: "FH-2026-0001" }).click();
    await expect(official.getByText("（変更前: 訪問看護ステーションひなた）")).toBeVisible();
    await official.getByRole("button", { name: "決定して施設の情報を変更する" }).click();
    const dialog = official.getByRole("dialog");
    await expect(dialog).toContainText("封書の宛先、連絡先、ポータルの一覧");
    await dialog.getByRole("radio", { name: "今の登録の電話番号へかけ直して確認" }).check();
    await dialog.getByRole("button", { name: "決定して施設の情報を変更する" }).click();
    await expect(official.getByText("この案件は終わっています。")).toBeVisible();
    await expect(official.getByText("郵便番号と所在地（変更前）")).toBeVisible();
    await expect(official.getByText("E-mail（変更前）")).toHaveCount(0);
  });

  await test.step("everybody reads the new name on the portal", async () => {
    await seenOnPortal(await visit(), "/portal/facilities.html", (page) => page.getByText(NAME));
  });
});

test("a facility leaves: its people are out at once, and it is listed no more", async ({ enter, visit }) => {
  const leaving = await enter(PHARMACIST);
  const official = await enter(CITY_OFFICIAL);

  await test.step("its manager asks, and reads what will happen", async () => {
    await leaving.goto("/ask/facility_leave");
    await expect(leaving.getByText("元に戻せません。").first()).toBeVisible();
    await leaving.getByRole("textbox", { name: /^脱退する日/ }).fill("2026-11-20");
    await leaving.getByRole("radio", { name: "引き継いだ、または世話役をしている患者はいない" }).check();
    await leaving.getByLabel("理由").fill("閉鎖のため");
    await leaving.getByRole("button", { name: "市に依頼する" }).click();
    await expect(leaving.getByRole("heading", { level: 1 })).toHaveText("施設の脱退（FL-2026-0001）");
  });

  await test.step("the city decides", async () => {
    await official.goto("/cases");
    await official.getByRole("link", { name: "FL-2026-0001" }).click();
    await official.getByRole("button", { name: "決定して施設を脱退させる" }).click();
    const dialog = official.getByRole("dialog");
    await expect(dialog).toContainText("全員、すぐにサインインできなくなり");
    await dialog.getByRole("radio", { name: "今の登録の電話番号へかけ直して確認" }).check();
    await dialog.getByRole("button", { name: "決定して施設を脱退させる" }).click();
    await expect(official.getByText("サインインできなくなった人")).toBeVisible();
  });

  await test.step("its manager is out, and papers are entered for it no more", async () => {
    await leaving.getByRole("link", { name: "案件一覧" }).first().click();
    await expect(leaving.getByRole("dialog", { name: "もう一度サインイン" })).toBeVisible();
    await official.goto("/ask/account_add");
    const senders = official.getByLabel("依頼した施設");
    await expect(senders.getByRole("option", { name: "訪問看護ステーションひなた" })).toHaveCount(1);
    await expect(senders.getByRole("option", { name: "すみれ薬局 みなと野店" })).toHaveCount(0);
  });

  await test.step("the portal lists it no more", async () => {
    const anybody = await visit();
    await expect(async () => {
      await anybody.goto("/portal/facilities.html");
      await expect(anybody.getByText("訪問看護ステーションひなた").first()).toBeVisible();
      await expect(anybody.getByText("すみれ薬局 みなと野店")).toHaveCount(0, { timeout: 500 });
    }).toPass();
  });
});
