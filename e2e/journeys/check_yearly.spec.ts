import { lookAtAll } from "../support/barriers.ts";
import { expect, test } from "../support/journey.ts";
import { CITY_OFFICIAL, MANAGER, OPERATIONS_MANAGER, SYSTEM_ADMIN } from "../support/people.ts";

test("a facility looks at its own handling once a year, and the city receives it", async ({ enter }) => {
  const manager = await enter(MANAGER, { viewport: { width: 390, height: 844 } });

  await test.step("the home page says that it is time", async () => {
    await lookAtAll(manager, "it is time for the yearly check", async () => {
      await expect(manager.getByText("施設の点検（年に1回）")).toBeVisible();
    });
    await manager.getByRole("link", { name: "施設の点検を始める" }).click();
  });

  await test.step("a question that was left out is named, and nothing typed is lost", async () => {
    await manager.getByLabel("点検した日").fill("2026-11-20");
    for (const rule of ["2(1)", "2(2)", "2(4)"]) {
      await manager.getByRole("group", { name: `第5条${rule}` }).getByRole("radio", { name: "守られている" }).check();
    }
    await manager.getByRole("radio", { name: "いま業務で使う人だけが登録されている" }).check();
    await manager.getByRole("button", { name: "市に届け出る" }).click();
    const loss = manager.getByRole("group", { name: "第5条2(3)" });
    await expect(loss).toContainText("を選んでください。");
    await lookAtAll(manager, "a question of the check was left out", async () => {
      await expect(loss).toContainText("必須");
    });
    await loss.getByRole("radio", { name: "改める点がある" }).check();
    await manager.getByRole("button", { name: "市に届け出る" }).click();
    await expect(manager.getByText("改める点と、いつまでに何をするかを入力してください。").first()).toBeVisible();
    await manager.getByRole("textbox", { name: "改める点" }).fill("12月末までに、紙の保管場所に鍵を付ける");
    await manager.getByRole("button", { name: "市に届け出る" }).click();
    await expect(manager.getByText("届出済み（市の受領待ち）").first()).toBeVisible();
    await manager.goto("/");
    await expect(manager.getByText("案件一覧を開く")).toBeVisible();
    await expect(manager.getByText("施設の点検（年に1回）")).toBeHidden();
  });

  await test.step("the city receives it", async () => {
    const city = await enter(CITY_OFFICIAL);
    await city.getByRole("link", { name: "FC-2026-0001" }).click();
    await city.getByRole("button", { name: "届出を受領する" }).click();
    await city.getByRole("dialog").getByRole("button", { name: "届出を受領する" }).click();
    await lookAtAll(city, "the check of a facility", async () => {
      await expect(city.getByText("この案件は終わっています。")).toBeVisible();
    });
  });
});

test("the place of the machines is judged item by item, and its clauses follow", async ({ enter }) => {
  const admin = await enter(SYSTEM_ADMIN);
  await admin.getByRole("link", { name: "設置場所の点検を始める" }).click();
  await admin.getByRole("textbox", { name: "設置場所" }).fill("クラウド事業者の東京リージョン");
  await admin.getByLabel("点検した日").fill("2026-11-20");
  for (const item of await admin.getByRole("group").all()) {
    await item.getByRole("radio", { name: "代替の証跡で適合" }).check();
  }
  await admin.getByRole("group", { name: "第9条(5)" }).getByRole("radio", { name: "不適合" }).check();
  await admin.getByRole("textbox", { name: "証跡" }).fill("第三者監査の報告書 2026年版、契約書の保管棚");
  await lookAtAll(admin, "the check of the place", async () => {
    await expect(admin.getByRole("button", { name: "送信する" })).toBeVisible();
  });
  await admin.getByRole("button", { name: "送信する" }).click();
  await expect(admin.getByText("不適合の項目と、その対応を入力してください。").first()).toBeVisible();
  await admin.getByRole("textbox", { name: "不適合の項目と、その対応" }).fill("窓の強化を事業者に確かめる（2027年1月まで）");
  await admin.getByRole("button", { name: "送信する" }).click();
  await expect(admin.getByText("O-2026-0001").first()).toBeVisible();

  const manager = await enter(OPERATIONS_MANAGER);
  await manager.getByRole("link", { name: "O-2026-0001" }).click();
  await manager.getByRole("button", { name: "記録を確かめる" }).click();
  await manager.getByRole("dialog").getByRole("button", { name: "記録を確かめる" }).click();
  await expect(manager.getByText("この案件は終わっています。")).toBeVisible();

  const city = await enter(CITY_OFFICIAL);
  await city.goto("/evidence");
  const windows = city.getByRole("row").filter({ hasText: "第9条(5)" });
  await expect(windows).toContainText("不適合");
  await expect(city.getByRole("row").filter({ hasText: "第9条(1)" })).toContainText("満たす");
  await lookAtAll(city, "clauses of the place", async () => {
    await expect(windows).toContainText("案件 O-2026-0001 で不適合");
  });
});
