import { AUDITOR, CITY_OFFICIAL, OPERATOR, OUTSIDER, SYSTEM_ADMIN } from "../support/people.ts";
import { lookAtAll } from "../support/barriers.ts";
import { expect, test } from "../support/journey.ts";

const STAFF = [
  { who: SYSTEM_ADMIN, backups: true },
  { who: CITY_OFFICIAL, backups: true },
  { who: AUDITOR, backups: true },
  { who: OPERATOR, backups: false },
  { who: OUTSIDER, backups: false },
];

for (const { who, backups } of STAFF) {
  test(`no barriers for ${who}: home, backups, authority, not found`, async ({ enter }) => {
    const page = await enter(who);

    await lookAtAll(page, `home ${who}`, async () => {
      await page.goto("/");
      await expect(page.getByRole("heading", { name: "ホーム" })).toBeVisible();
    });
    if (backups) {
      await lookAtAll(page, `backups ${who}`, async () => {
        await page.goto("/backups");
        await expect(page.getByRole("row").nth(3)).toBeVisible();
      });
    }
    if (who === SYSTEM_ADMIN) {
      await lookAtAll(page, "backup by hand", async () => {
        await page.goto("/backups");
        await page.getByRole("button", { name: "手動で実行" }).click();
        await page.getByRole("button", { name: "実行する" }).click();
        await expect(page.getByRole("dialog")).toContainText("理由を入力してください。");
      });
    }
    await lookAtAll(page, `authority ${who}`, async () => {
      await page.goto("/authority");
      await expect(page.getByRole("region", { name: "権限表" })).toBeVisible();
    });
    await lookAtAll(page, `not found ${who}`, async () => {
      await page.goto("/no/such/page");
      await expect(page.getByRole("heading", { name: "ページが見つかりません" })).toBeVisible();
    });
  });
}
