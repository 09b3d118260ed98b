import { lookAtAll } from "../support/barriers.ts";
import { expect, test } from "../support/journey.ts";
import { AUDITOR, SYSTEM_ADMIN } from "../support/people.ts";

const HEAD = "名称,種類,区分,設置場所,管理者,機密性,完全性,可用性,識別子";
const file = (text: string) => ({ name: "台帳.csv", mimeType: "text/csv", buffer: Buffer.from(text) });

test("the asset ledger is registered after its mistakes are mended, and the auditor saves it", async ({ enter }) => {
  const admin = await enter(SYSTEM_ADMIN);
  await lookAtAll(admin, "backups with the ledger", async () => {
    await admin.goto("/backups");
    await expect(admin.getByRole("heading", { name: "資産台帳" })).toBeVisible();
  });
  await expect(admin.getByText("まだ登録されていません。")).toBeVisible();

  await test.step("what is wrong is named by its line, and nothing is registered", async () => {
    await admin.getByLabel("新しい版を登録する").setInputFiles(file(`${HEAD}\r\nDB,表,データ,東京,契約事業者,高,最高,高,x\r\n`));
    await expect(admin.getByText("2行目: 「完全性」は高・中・低のどれかにしてください。")).toBeVisible();
    await expect(admin.getByText("まだ登録されていません。")).toBeVisible();
  });

  await test.step("mended, it is the first version, for the auditor, too", async () => {
    await admin.getByLabel("新しい版を登録する").setInputFiles(file(`${HEAD}\r\nDB,表,データ,東京,契約事業者,高,高,高,x\r\n`));
    await expect(admin.getByText("第1版（1件）を登録しました。")).toBeVisible();
    const auditor = await enter(AUDITOR);
    await auditor.goto("/backups");
    await expect(auditor.getByLabel("新しい版を登録する")).toHaveCount(0);
    const saved = auditor.waitForEvent("download");
    await auditor.getByRole("button", { name: "この版を保存する（CSV）" }).click();
    expect((await saved).suggestedFilename()).toBe("資産台帳-第1版.csv");
  });
});
