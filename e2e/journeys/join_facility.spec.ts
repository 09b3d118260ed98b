import { CITY_OFFICIAL, SECOND_OFFICIAL } from "../support/people.ts";
import { expect, test } from "../support/journey.ts";
import { seenOnPortal } from "../support/portal.ts";

test("a facility joins: one official enters it, another decides, everybody can read it on the portal", async ({ enter, visit }) => {
  const first = await enter(CITY_OFFICIAL);

  await test.step("what is missing is said beside the field; whoever entered it does not decide", async () => {
    await first.goto("/ask/facility_add");
    await first.getByLabel("施設の名称").fill("はなみずき訪問看護");
    await first.getByLabel("施設の種類").selectOption("訪問看護ステーション");
    await first.getByRole("button", { name: "市に依頼する" }).click();
    await expect(first.getByText("郵便番号と所在地を入力してください。").first()).toBeVisible();
    await first.getByLabel("郵便番号と所在地").fill("〒485-0099 みなと野市浜町9丁目9番地");
    await first.getByLabel("電話番号").fill("0568-00-9999");
    await first.getByLabel("施設管理者になる人の氏名").fill("花水 希");
    await first.getByRole("button", { name: "市に依頼する" }).click();
    await expect(first.getByRole("heading", { level: 1 })).toHaveText("利用施設の登録（F-2026-0001）");
    await expect(first.getByText("自分で依頼した案件は、自分では決定できません。").first()).toBeVisible();
  });

  await test.step("the other official decides", async () => {
    const second = await enter(SECOND_OFFICIAL);
    await second.getByRole("link", { name: "F-2026-0001" }).click();
    await second.getByRole("button", { name: "決定して施設を登録する" }).click();
    await second.getByRole("dialog").getByRole("button", { name: "決定して施設を登録する" }).click();
    await expect(second.getByText("この案件は終わっています。")).toBeVisible();
  });

  await test.step("it stands on the portal, and papers can be entered for it", async () => {
    const anybody = await visit();
    await seenOnPortal(anybody, "/portal/facilities.html", (page) => page.getByText("はなみずき訪問看護"));
    await first.goto("/ask/account_add");
    await first.getByLabel("依頼した施設").selectOption("はなみずき訪問看護");
  });
});
