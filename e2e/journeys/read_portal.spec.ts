import { expectNoBarriers, expectNoSidewaysScroll } from "../support/axe.ts";
import { expect, test } from "../support/journey.ts";

const PAGES = ["この連絡帳について", "はじめての方へ", "利用施設", "個人情報とセキュリティ", "ウェブアクセシビリティ方針"];

test("a helper looks on her phone whether the service runs and whom she can call", async ({ visit }) => {
  const page = await visit({ viewport: { width: 320, height: 640 } });

  await test.step("the top page answers before anybody signs in", async () => {
    await page.goto("/portal/");
    await expect(page.getByRole("region", { name: "今の状態" })).toContainText("稼働中");
    await expect(page.getByRole("region", { name: "お知らせ" }).getByText("新規").first()).toBeVisible();
    await expect(page.getByRole("region", { name: "計画停止の予定" })).toContainText("から");
    await expect(page.getByRole("region", { name: "困ったときの連絡先" })).toContainText("月曜日から金曜日");
    // The clock decides which of the two sentences it is.
    await expect(page.locator("#now")).toContainText(/受付時間(内|外)です/);
  });

  await test.step("every page reads well on a small screen", async () => {
    await expectNoBarriers(page, "top");
    await expectNoSidewaysScroll(page, "top");
    for (const title of PAGES) {
      await page.goto("/portal/");
      await page.getByRole("navigation").getByRole("link", { name: title }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
      await expectNoBarriers(page, title);
      await expectNoSidewaysScroll(page, title);
    }
    await page.getByRole("link", { name: "これまでの版" }).click();
    await page.getByRole("link", { name: /^第1版/ }).click();
    await expectNoBarriers(page, "an old version");
  });

  await test.step("the way in is one press away", async () => {
    await page.goto("/portal/");
    await page.getByRole("link", { name: "サインインする" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("サインイン");
    await page.getByRole("link", { name: /ポータル/ }).click();
    await expect(page.getByRole("region", { name: "今の状態" })).toBeVisible();
  });
});

test("the portal needs no scripts", async ({ visit }) => {
  const page = await visit({ javaScriptEnabled: false });
  await page.goto("/portal/");
  await expect(page.getByRole("region", { name: "今の状態" })).toContainText("稼働中");
  await expect(page.getByText("月曜日から金曜日の午前9時から午後5時まで")).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "本文へ進む" })).toBeFocused();
});
