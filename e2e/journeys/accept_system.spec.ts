import { lookAtAll } from "../support/barriers.ts";
import { pdf } from "../support/files.ts";
import { expect, test } from "../support/journey.ts";
import { CITY_OFFICIAL, KEY_KEEPER, OPERATIONS_MANAGER, SYSTEM_ADMIN } from "../support/people.ts";

test("a new version is accepted: checked, backed up, permitted; and the rules for it approved by the city", async ({ enter }) => {
  const admin = await enter(SYSTEM_ADMIN);
  const manager = await enter(OPERATIONS_MANAGER);

  await test.step("the administrator asks for it and records the four checks", async () => {
    await admin.goto("/cases");
    await lookAtAll(admin, "cases of the administrator", async () => {
      await expect(admin.getByRole("link", { name: "システムの受け入れ" })).toBeVisible();
    });
    await admin.getByRole("link", { name: "システムの受け入れ" }).click();
    await admin.getByLabel("受け入れるもの").fill("つながる連絡帳 0.2");
    await admin.getByRole("radio", { name: "改善の後に受け入れる" }).check();
    await admin.getByLabel("システム開発ベンダー").fill("例示システムズ 高橋");
    await admin.getByLabel("受け入れを求められた日").fill("2026-11-20");
    await admin.getByLabel("内容").fill("検索が速くなる。データの形は変わらない。");
    await admin.getByRole("button", { name: "送信する" }).click();
    await expect(admin.getByText("H-2026-0001").first()).toBeVisible();
    await admin.getByRole("button", { name: "確認4項目を記録する" }).click();
    const dialog = admin.getByRole("dialog");
    await dialog.getByLabel("(1)").fill("手順書11を改めた");
    await dialog.getByLabel("(2)").fill("試験はすべて合格。結果は添付");
    await dialog.getByLabel("(3)").fill("資産台帳 第3版");
    await dialog.getByRole("radio", { name: "システムデータの控えがあることを確かめました" }).check();
    await lookAtAll(admin, "the four checks", async () => {
      await expect(dialog.getByText("運用管理責任者の許可を求めます。")).toBeVisible();
    });
    // The first backup of a new city's system data is made within moments.
    await expect(async () => {
      await dialog.getByRole("button", { name: "確認4項目を記録する" }).click();
      await expect(dialog).toBeHidden({ timeout: 3_000 });
    }).toPass({ timeout: 60_000 });
    await expect(admin.getByText("システムデータの控えの番号")).toBeVisible();
  });

  await test.step("the operations manager permits it, and presents the rules for it", async () => {
    await manager.goto("/cases");
    await manager.getByRole("link", { name: "H-2026-0001" }).click();
    await manager.getByRole("button", { name: "受け入れを許可する" }).click();
    await manager.getByRole("dialog").getByRole("button", { name: "受け入れを許可する" }).click();
    await expect(manager.getByText("この案件は終わっています。")).toBeVisible();
    await manager.goto("/ask/regulation");
    await manager.getByLabel("規程・手順の名前").fill("アクセス管理規程");
    await manager.getByLabel(/^版/).fill("第3版");
    await manager.getByRole("radio", { name: "社内管理規程" }).check();
    await manager.getByLabel("内容（変わった点）").fill("検索の記録を加えた");
    await manager.getByLabel("本文の所在").fill("添付のとおり");
    await manager.getByLabel("適用する日").fill("2026-12-01");
    await lookAtAll(manager, "a rule is presented", async () => {
      await expect(manager.getByRole("button", { name: "市に提示する" })).toBeVisible();
    });
    await manager.getByRole("button", { name: "市に提示する" }).click();
    await expect(manager.getByText("提示済み（市の承認待ち）").first()).toBeVisible();
  });

  await test.step("the city approves the rules, not before their text is attached", async () => {
    const city = await enter(CITY_OFFICIAL);
    await city.getByRole("link", { name: "N-2026-0001" }).click();
    await lookAtAll(city, "rules without their text", async () => {
      await expect(city.getByText("承認するもののファイルが、まだ添付されていません。").first()).toBeVisible();
    });
    await expect(city.getByRole("button", { name: "承認する" })).toBeDisabled();
    await manager
      .getByLabel("ファイルを添付する")
      .setInputFiles({ name: "アクセス管理規程.pdf", mimeType: "application/pdf", buffer: pdf() });
    await expect(manager.getByRole("button", { name: "開く アクセス管理規程.pdf" })).toBeVisible();
    await city.reload();
    await expect(city.getByRole("button", { name: "開く アクセス管理規程.pdf" })).toBeVisible();
    await city.getByRole("button", { name: "承認する" }).click();
    await city.getByRole("dialog").getByRole("button", { name: "承認する" }).click();
    await expect(city.getByText("この案件は終わっています。")).toBeVisible();
  });
});

test("a key is lent and comes back, each at its time", async ({ enter }) => {
  const admin = await enter(SYSTEM_ADMIN);
  await admin.goto("/ask/key_loan");
  await admin.getByLabel(/^鍵/).fill("ラック3");
  await admin.getByLabel("目的と作業の内容").fill("電源装置の交換");
  await admin.getByLabel("借りる予定").fill("2026-11-20T10:00");
  await admin.getByLabel("返す予定").fill("2026-11-20T12:00");
  await admin.getByRole("button", { name: "送信する" }).click();
  await expect(admin.getByText("鍵の貸出の許可待ち").first()).toBeVisible();

  const keeper = await enter(KEY_KEEPER, { viewport: { width: 390, height: 844 } });
  await keeper.getByRole("link", { name: "Z-2026-0001" }).click();
  await keeper.getByRole("button", { name: "許可して鍵を渡す" }).click();
  const dialog = keeper.getByRole("dialog");
  await dialog.getByLabel("鍵を渡した時刻").fill("2026-11-20T10:00");
  await dialog.getByRole("button", { name: "許可して鍵を渡す" }).click();
  await lookAtAll(keeper, "a key is out", async () => {
    await expect(keeper.getByText("鍵を貸出中（返却待ち）").first()).toBeVisible();
  });
  await keeper.getByRole("button", { name: "返却を確かめる" }).click();
  await dialog.getByLabel("鍵が返された時刻").fill("2026-11-20T09:59");
  await dialog.getByRole("radio", { name: "ラックが施錠されていることを確かめました" }).check();
  await dialog.getByRole("button", { name: "返却を確かめる" }).click();
  await expect(dialog.getByText("鍵を渡した時刻より後にしてください。").first()).toBeVisible();
  await dialog.getByLabel("鍵が返された時刻").fill("2026-11-20T10:00");
  await dialog.getByRole("button", { name: "返却を確かめる" }).click();
  await expect(keeper.getByText("この案件は終わっています。")).toBeVisible();
});
