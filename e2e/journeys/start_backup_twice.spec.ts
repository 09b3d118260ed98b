import { SYSTEM_ADMIN } from "../support/people.ts";
import { expect, test } from "../support/journey.ts";

test("the daily run is started three times at once: each day has one generation", async ({ city, enter }) => {
  await test.step("schedules promise to start a job at least once, not only once", async () => {
    await city.setClock("2026-11-21T02:05:00+09:00");
    // The environment's own schedule is a fourth.
    await Promise.all([city.runDailyBackup(), city.runDailyBackup(), city.runDailyBackup()]);
  });

  await test.step("the system administrator sees each day once", async () => {
    const page = await enter(SYSTEM_ADMIN);
    await page.goto("/backups");
    await expect(page.getByRole("row", { name: /^11月20日\(金\)/ })).not.toHaveCount(0);
    const days = await page.getByRole("rowheader").evaluateAll((found) => found.map((one) => one.querySelector("time")?.dateTime));
    expect(days).toEqual([...new Set(days)]);
  });
});
