import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { CITY_OFFICIAL } from "../support/people.ts";
import { lookAtAll } from "../support/barriers.ts";
import { expect, test } from "../support/journey.ts";

test("the city judges a period clause by clause and takes the locked archive with it", async ({ enter }) => {
  const official = await enter(CITY_OFFICIAL);

  await test.step("every clause has a state, and what nobody recorded is red", async () => {
    await official.getByRole("link", { name: "証跡一式", exact: true }).click();
    await expect(official.getByText(/^\d+項目すべてを判定: .*該当なし\d+$/).first()).toBeVisible();
    const place = official.getByRole("row").filter({ hasText: "第9条(1)" });
    await expect(place).toContainText("12か月以内の設置場所の点検");
    await lookAtAll(official, "evidence", async () => {
      await expect(place).toBeVisible();
    });
  });

  await test.step("a wrong period is said beside its field", async () => {
    await official.getByLabel("始め").fill("2024-01-01");
    await official.getByRole("button", { name: "判定する" }).click();
    await expect(official.getByText("期間は366日以内にしてください。").first()).toBeVisible();
    await official.getByLabel("始め").fill("2026-11-15");
    await official.getByRole("button", { name: "判定する" }).click();
    await expect(official.getByText(/項目すべてを判定/).first()).toBeVisible();
  });

  await test.step("the archive is the one whose hash is shown", async () => {
    await official.getByRole("button", { name: "この期間の証跡一式を作る" }).click();
    await expect(official.getByText(/証跡一式を作り、ロックしました/)).toBeVisible();
    const [download] = await Promise.all([
      official.waitForEvent("download"),
      official.getByRole("button", { name: /の証跡一式を受け取る/ }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^証跡一式_2026-11-15_.*\.zip$/);
    const bytes = await readFile(await download.path());
    await expect(official.getByText(createHash("sha256").update(bytes).digest("hex"))).toBeVisible();
    await expect(official.getByText(/^署名した鍵の指紋/)).toBeVisible();
  });
});
