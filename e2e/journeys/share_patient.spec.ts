import { NURSE, PHARMACIST } from "../support/people.ts";
import { lookAtAll } from "../support/barriers.ts";
import { pdf } from "../support/files.ts";
import { composer, expect, nameOf, noteWith, openBook, test } from "../support/journey.ts";

const NAME = "汐見 はる";

test("a nurse registers a patient, records consent, invites a pharmacy; a withdrawal closes the book", async ({ city, enter }) => {
  test.setTimeout(120_000);
  const nurse = await enter(NURSE);
  const paper = { name: "同意書.pdf", mimeType: "application/pdf", buffer: pdf(2_000) };

  await test.step("what is missing is said beside its field, and nothing typed is lost", async () => {
    await nurse.goto("/patients");
    await nurse.getByRole("link", { name: "患者を登録" }).click();
    await nurse.getByLabel("氏名").fill(NAME);
    await nurse.getByLabel("よみがな").fill("shiomi");
    await nurse.getByRole("button", { name: "登録して同意の記録へ進む" }).click();
    await expect(nurse.getByText("よみがなは、ひらがなで入力してください。")).toBeVisible();
    await expect(nurse.getByText("生年月日を入力してください。")).toBeVisible();
    await expect(nurse.getByText("性別を選んでください。")).toBeVisible();
    await expect(nurse.getByLabel("よみがな")).toBeFocused();
    await expect(nurse.getByLabel("氏名")).toHaveValue(NAME);
  });

  await test.step("registered, the page waits for consent", async () => {
    await nurse.getByLabel("よみがな").fill("シオミ ハル");
    await nurse.getByLabel("生年月日").fill("1938-05-06");
    await nurse.getByRole("radio", { name: "女性" }).check();
    await nurse.getByLabel("要介護度").selectOption("要介護2");
    await nurse.getByLabel("住まいの地区").fill("浜町");
    await nurse.context().setOffline(true);
    await nurse.getByRole("button", { name: "登録して同意の記録へ進む" }).click();
    await expect(nurse.getByRole("alert").first()).toContainText("登録できませんでした。");
    await expect(nurse.getByLabel("住まいの地区")).toHaveValue("浜町");
    await nurse.context().setOffline(false);
    await nurse.getByRole("button", { name: "登録して同意の記録へ進む" }).click();
    await expect(nurse.getByRole("heading", { name: `${NAME}さんの同意` })).toBeVisible();
    await expect(nurse.getByRole("status").filter({ hasText: "同意待ち" })).toContainText("連絡帳は閉じています。");
    // From here on the journey can let ten minutes pass.
    await nurse.clock.install();
    await nurse.goto("/patients");
    const card = nurse.getByRole("link", { name: `${NAME} さん` });
    await expect(card).toContainText("同意待ち");
    await card.click();
    await nurse.getByRole("link", { name: "連絡帳", exact: true }).click();
    await expect(nurse.getByText("連絡帳は閉じています。")).toBeVisible();
    await nurse.getByRole("link", { name: "同意", exact: true }).click();
  });

  await test.step("the document first: then the consent is on record and the book opens", async () => {
    const record = nurse.getByRole("button", { name: "同意を記録して連絡帳を開く" });
    await record.click();
    await expect(nurse.getByText("同意の書面を選んでください。")).toBeVisible();
    await nurse.getByLabel("書面を選ぶ").setInputFiles(paper);
    await expect(nurse.getByText("添付しました")).toBeVisible();
    await nurse.getByRole("radio", { name: "家族", exact: true }).check();
    await nurse.getByRole("radio", { name: "家族・代理人が署名した書面" }).check();
    await record.click();
    await expect(nurse.getByText("本人との関係を入力してください。")).toBeVisible();
    await nurse.getByLabel("本人との関係").fill("長女");
    // She telephones meanwhile: the screen locks, and what she filled in is there when she comes back.
    await nurse.clock.runFor("10:05");
    const locked = nurse.getByRole("dialog", { name: "画面をロックしています" });
    await locked.getByLabel("パスワード").fill(city.is.accounts.find((a) => a.user_id === NURSE)?.password ?? "");
    await locked.getByRole("button", { name: "ロックを解く" }).click();
    await expect(locked).toBeHidden();
    await expect(nurse.getByLabel("本人との関係")).toHaveValue("長女");
    await expect(nurse.getByText("添付しました")).toBeVisible();
    await record.click();
    await expect(nurse.getByRole("status").filter({ hasText: "同意あり" })).toBeVisible();
    await expect(nurse.getByText("家族（長女）")).toBeVisible();
    const got = nurse.waitForEvent("download");
    await nurse.getByRole("button", { name: "同意書.pdf" }).click();
    expect((await got).suggestedFilename()).toBe("同意書.pdf");
  });

  await test.step("registered twice, it is noticed", async () => {
    await nurse.goto("/patients/new");
    await nurse.getByLabel("よみがな").fill("しおみ はる");
    await nurse.getByLabel("生年月日").fill("1938-05-06");
    await expect(nurse.getByRole("status").filter({ hasText: "すでに担当しています" })).toContainText(NAME);
    await nurse.getByLabel("氏名").fill(NAME);
    await nurse.getByRole("radio", { name: "女性" }).check();
    await nurse.getByLabel("要介護度").selectOption("要介護2");
    await nurse.getByLabel("住まいの地区").fill("浜町");
    await nurse.getByRole("button", { name: "登録して同意の記録へ進む" }).click();
    await expect(nurse.getByText("すでに登録されています")).toBeVisible();
    await expect(nurse.getByRole("checkbox", { name: /別の方として登録します/ })).toBeVisible();
  });

  await test.step("she invites the pharmacy, with the reason", async () => {
    await openBook(nurse, NAME);
    await nurse.getByRole("link", { name: "支援チーム", exact: true }).click();
    await expect(nurse.getByRole("listitem").filter({ hasText: nameOf(city, NURSE) })).toContainText("患者を登録した");
    await nurse.getByRole("button", { name: "施設を招待する" }).click();
    const dialog = nurse.getByRole("dialog", { name: "施設を招待する" });
    await dialog.getByLabel("施設").selectOption({ label: "すみれ薬局 みなと野店（薬局）" });
    await dialog.getByRole("button", { name: "招待する" }).click();
    await expect(dialog.getByText("招待の理由を入力してください。")).toBeVisible();
    await dialog.getByLabel("招待の理由").fill("お薬の飲み忘れを一緒に防ぐため");
    await dialog.getByRole("button", { name: "招待する" }).click();
    await expect(nurse.getByRole("listitem").filter({ hasText: "すみれ薬局" })).toContainText("回答待ち");
  });

  const pharmacist = await enter(PHARMACIST);
  await test.step("it waits on the home page of the pharmacy's manager, who joins and writes", async () => {
    await expect(pharmacist.getByText("回答を待っています。")).toBeVisible();
    await pharmacist.getByRole("link", { name: "招待を見る" }).click();
    const row = pharmacist.getByRole("listitem").filter({ hasText: NAME });
    await expect(row).toContainText("お薬の飲み忘れを一緒に防ぐため");
    await row.getByRole("button", { name: "選んだ人が参加する" }).click();
    await expect(row).toContainText("参加する人を選んでください。");
    await row.getByRole("checkbox", { name: nameOf(city, PHARMACIST) }).check();
    await row.getByRole("button", { name: "選んだ人が参加する" }).click();
    await expect(pharmacist.getByText("回答を待っている招待はありません")).toBeVisible();
    await openBook(pharmacist, NAME);
    await pharmacist.getByLabel("本文").fill("お薬カレンダーを作りました。");
    await composer(pharmacist).getByRole("button", { name: "送信" }).click();
    await expect(noteWith(pharmacist, "お薬カレンダーを作りました。")).toBeVisible();
  });

  const address = new URL(pharmacist.url()).pathname;
  for (const place of ["team", "consent", "edit"]) {
    await lookAtAll(nurse, `circle ${place}`, async () => {
      await nurse.goto(`${address}/${place}`);
      await expect(nurse.getByRole("heading", { level: 1 })).toBeVisible();
    });
  }

  await test.step("the team's page says who has access and why", async () => {
    await nurse.goto(`${address}/team`);
    const joined = nurse.getByRole("listitem").filter({ hasText: nameOf(city, PHARMACIST) });
    await expect(joined.first()).toContainText("お薬の飲み忘れを一緒に防ぐため");
  });

  await test.step("the withdrawal: reason, second confirmation; the book closes for everybody, also where it is open", async () => {
    await nurse.goto(`${address}/consent`);
    await nurse.getByRole("button", { name: "同意の撤回を記録する" }).click();
    const dialog = nurse.getByRole("dialog", { name: "同意の撤回を記録する" });
    await dialog.getByRole("button", { name: "確認へ進む" }).click();
    await expect(dialog.getByText("撤回の理由を入力してください。")).toBeVisible();
    await dialog.getByLabel("撤回の理由").fill("ご本人の希望");
    await dialog.getByRole("button", { name: "確認へ進む" }).click();
    await expect(dialog).toContainText("取り消すことはできません。");
    await dialog.getByRole("button", { name: "撤回を記録して連絡帳を閉じる" }).click();
    await expect(nurse.getByRole("status").filter({ hasText: "同意撤回" })).toBeVisible();
    // The pharmacist's browser asks every 15 seconds.
    await expect(pharmacist.getByText("連絡帳は閉じています。")).toBeVisible({ timeout: 20_000 });
    await expect(pharmacist.getByText("お薬カレンダーを作りました。")).toHaveCount(0);
    await nurse.goto("/patients");
    await expect(nurse.getByRole("link", { name: `${NAME} さん` })).toContainText("同意撤回");
  });
});
