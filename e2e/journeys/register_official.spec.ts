import { CITY_OFFICIAL, OPERATIONS_MANAGER, SECOND_OFFICIAL } from "../support/people.ts";
import { expect, nameOf, test } from "../support/journey.ts";
import { printLetter } from "../support/letter.ts";

test("papers of the offices: an official is let in by two colleagues, the contractor's filing is entered", async ({ city, enter }) => {
  const first = await enter(CITY_OFFICIAL);

  await test.step("an official enters the own office's paper, and does not decide on it", async () => {
    await first.goto("/ask/account_add");
    await first.getByLabel("依頼した施設").selectOption("みなと野市役所 高齢福祉課");
    await first.getByLabel("氏名", { exact: false }).first().fill("港 一");
    await first.getByLabel("氏名のよみ").fill("みなと はじめ");
    await first.getByLabel("職種").selectOption("行政");
    await first.getByRole("radio", { name: "市の担当者" }).check();
    await first.getByLabel("連絡先").fill("内線 1234");
    await first.getByLabel("理由").fill("12月1日異動");
    await first.getByRole("button", { name: "入力した内容で受け付ける" }).click();
    await expect(first.getByRole("heading", { level: 1 })).toHaveText("利用者の追加（A-2026-0001）");
    await expect(first.getByText("自分で依頼した案件は、自分では決定できません。").first()).toBeVisible();
  });

  await test.step("the other official decides and prints the letter", async () => {
    const second = await enter(SECOND_OFFICIAL);
    await second.getByRole("link", { name: "A-2026-0001" }).click();
    await second.getByRole("button", { name: "決定して登録する" }).click();
    const dialog = second.getByRole("dialog", { name: "決定して登録する" });
    await expect(dialog.getByLabel("ユーザーID")).toHaveValue("city-03");
    await dialog.getByRole("button", { name: "決定して登録する" }).click();
    await expect(dialog).toBeHidden();
    const letter = await printLetter(second);
    expect(letter.userId).toBe("city-03");
  });

  await test.step("the contractor's paper about its operations manager is entered and filed", async () => {
    await first.goto("/ask/appointment");
    const office = first.getByLabel("依頼した施設");
    // Nobody but the contractor files who is appointed there.
    await expect(office.getByRole("option")).toHaveText(["選んでください", "みなと野医療介護ネットサポート"]);
    await office.selectOption("みなと野医療介護ネットサポート");
    await first.getByRole("radio", { name: "任を解く" }).check();
    await first.getByLabel("対象の人").selectOption({ label: `${nameOf(city, OPERATIONS_MANAGER)}（${OPERATIONS_MANAGER}）` });
    await first.getByRole("radio", { name: "運用管理責任者" }).check();
    await first.getByLabel("最後の日").fill("2026-11-30");
    await first.getByRole("button", { name: "入力した内容で受け付ける" }).click();
    await expect(first.getByRole("heading", { level: 1 })).toHaveText("管理体制の届出（M-2026-0001）");
    await first.getByRole("button", { name: "市に届け出る" }).click();
    await first.getByRole("dialog").getByRole("button", { name: "市に届け出る" }).click();
    await expect(first.getByRole("button", { name: "届出を受領する" })).toBeVisible();
  });
});
