import { expectNoBarriers } from "../support/axe.ts";
import { CITY_OFFICIAL, MANAGER, OPERATOR } from "../support/people.ts";
import { expect, test } from "../support/journey.ts";
import { seenOnPortal } from "../support/portal.ts";

// What records a trace runs a script in every frame, and a preview's frame lets none run: the browser would complain.
test.use({ trace: "off" });

test("a page changes from the request of a facility to the mark on the top page", async ({ enter, visit }) => {
  const manager = await enter(MANAGER);

  await test.step("the facility manager asks", async () => {
    await manager.goto("/ask/portal_change");
    await manager.getByLabel("件名").fill("費用の説明");
    await manager.getByRole("radio", { name: "今あるページを変える" }).check();
    await manager.getByLabel("変えるページ").selectOption({ label: "この連絡帳について" });
    await manager.getByLabel("変えてほしい内容").fill("費用の説明を新しくしてください。");
    await manager.getByRole("radio", { name: "変わらない（内容だけ）" }).check();
    await manager.getByRole("button", { name: "市に依頼する" }).click();
    await expect(manager.getByText("市の操作を待っています", { exact: false })).toBeVisible();
  });
  const address = manager.url();

  await test.step("the city reviews", async () => {
    const city = await enter(CITY_OFFICIAL);
    await city.goto(address);
    await city.getByRole("button", { name: "承認する（内容の変更）" }).click();
    await city.getByRole("dialog").getByRole("button", { name: "承認する（内容の変更）" }).click();
    await expect(city.getByText("システム運用者の操作を待っています", { exact: false })).toBeVisible();
  });

  await test.step("the operator edits, looks at it, and publishes", async () => {
    const operator = await enter(OPERATOR);
    await operator.goto(address);
    await operator.getByLabel(/^本文/).fill("## 費用\n\n施設の負担はありません。");
    await expect(operator.getByText("追加: 施設の負担はありません。")).toBeAttached();
    await operator.getByRole("button", { name: "案を保存して見え方を確かめる" }).click();
    const frame = operator.frameLocator("iframe[title='ページの見え方']");
    await expect(frame.getByRole("heading", { name: "費用" })).toBeVisible();
    await expectNoBarriers(operator, "the operator's desk");
    await operator.getByRole("button", { name: "公開する" }).click();
    await expect(operator.getByText("終わった手続きです", { exact: false })).toBeVisible();
  });

  await test.step("everybody sees the page and its mark", async () => {
    const page = await visit({ javaScriptEnabled: false });
    await seenOnPortal(page, "/portal/", (page) => page.getByRole("region", { name: "お知らせ" }).getByText("更新", { exact: true }));
    await page.getByRole("link", { name: "「この連絡帳について」を見る" }).click();
    await expect(page.getByRole("heading", { name: "費用" })).toBeVisible();
  });
});
