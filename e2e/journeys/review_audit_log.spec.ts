import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { CITY_OFFICIAL, OPERATIONS_MANAGER } from "../support/people.ts";
import { lookAtAll } from "../support/barriers.ts";
import { expect, test } from "../support/journey.ts";

test("a month of the audit log is exported, reviewed, signed for, and noted by the city", async ({ city, enter }) => {
  await (await enter(OPERATIONS_MANAGER)).close();
  await city.setClock("2026-11-20T10:45:00+09:00");
  await city.seal();
  await city.setClock("2026-12-11T09:00:00+09:00");
  await city.seal();
  const manager = await enter(OPERATIONS_MANAGER);

  await test.step("a late review stands on the home page", async () => {
    await expect(manager.getByText("か月分の点検が済んでいません。")).toBeVisible();
    await manager.getByRole("link", { name: "操作記録を開く" }).click();
  });

  await test.step("what the filters find as a file, whose hash is the one shown", async () => {
    await manager.getByLabel("はじめの日").fill("2026-11-20");
    await manager.getByRole("button", { name: "この条件で表示" }).click();
    const [download] = await Promise.all([
      manager.waitForEvent("download"),
      manager.getByRole("button", { name: "この条件の記録を書き出す" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("操作記録_2026-11-20_2026-12-11.csv");
    const bytes = await readFile(await download.path());
    await expect(manager.getByText(createHash("sha256").update(bytes).digest("hex"))).toBeVisible();
    const lines = bytes.toString("utf8").split("\r\n");
    expect(lines[0]).toContain('"記録番号","日時（日本時間）","だれが"');
    expect(lines.length).toBeGreaterThan(3);
  });

  await test.step("half a review is none; a whole one is signed", async () => {
    await manager.getByRole("link", { name: "点検して署名する" }).click();
    await manager.getByLabel("点検する月").selectOption("2026年11月");
    await manager.getByRole("checkbox").first().check();
    await manager.getByLabel("点検の結果").fill("異常なし");
    await manager.getByRole("button", { name: "下書きを作る" }).click();
    await expect(manager.getByText("すべての項目を点検してから署名してください。").first()).toBeVisible();
    for (const box of (await manager.getByRole("checkbox").all()).slice(1)) await box.check();
    await manager.getByRole("button", { name: "下書きを作る" }).click();
    await manager.getByRole("button", { name: "点検結果に署名する" }).click();
    await manager.getByRole("dialog").getByRole("button", { name: "点検結果に署名する" }).click();
    await expect(manager.getByText("最後の封印の値")).toBeVisible();
  });

  await test.step("the city notes it; the month is done", async () => {
    const official = await enter(CITY_OFFICIAL);
    await official.getByRole("link", { name: "L-2026-0001" }).click();
    await official.getByRole("button", { name: "確認したことを記録する" }).click();
    await official.getByRole("dialog").getByRole("button", { name: "確認したことを記録する" }).click();
    await expect(official.getByText("この案件は終わっています。")).toBeVisible();
    await lookAtAll(official, "reviews", async () => {
      await official.goto("/audit");
      await expect(official.getByRole("listitem").filter({ hasText: "2026年11月" })).toContainText("署名済み");
    });
  });
});
