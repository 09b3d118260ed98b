import { CITY_OFFICIAL, MANAGER, NURSE, OPERATIONS_MANAGER } from "../support/people.ts";
import { Caller, newCommand } from "../support/api.ts";
import { lookAtAll } from "../support/barriers.ts";
import { expect, test } from "../support/journey.ts";

test("no barriers where the city decides: cases, a case, its steps, people, audit log", async ({ city, enter }) => {
  const manager = await Caller.of(city, MANAGER);
  const form = {
    name: "新田 葵",
    kana: "にった あおい",
    profession: "nurse",
    role: "member",
    contact: "0568-00-1234",
    reason: "12月1日採用",
  };
  const asked = { command: newCommand(), procedure: "account_add", form };
  const { id } = (await manager.must("POST", "/api/cases", asked)) as { id: string };
  const page = await enter(CITY_OFFICIAL);
  await lookAtAll(page, "cases", async () => {
    await page.goto("/cases");
    await expect(page.getByRole("link", { name: "A-2026-0001" })).toBeVisible();
  });
  await lookAtAll(page, "case", async () => {
    await page.goto(`/cases/${id}`);
    await page.getByRole("button", { name: "決定して登録する" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
  });
  await lookAtAll(page, "people", async () => {
    await page.goto("/people");
    await expect(page.getByText(/^\d+人$/)).toBeVisible();
  });
  await lookAtAll(page, "audit log", async () => {
    await page.goto("/audit");
    await expect(page.getByRole("button", { name: "記録を検証する" })).toBeVisible();
  });
  await lookAtAll(page, "paper", async () => {
    await page.goto("/ask/account_detail");
    await page.getByRole("button", { name: "入力した内容で受け付ける" }).click();
    // The first field that is wrong has the focus.
    await expect(page.getByLabel("依頼した施設")).toBeFocused();
  });
});

test("no barriers in what is one's own: settings, a request, a registration", async ({ enter }) => {
  const nurse = await enter(NURSE);
  await lookAtAll(nurse, "my settings", async () => {
    await nurse.goto("/me");
    await nurse.getByRole("listitem").filter({ hasText: "パスワード" }).getByRole("button", { name: "変える" }).click();
    await expect(nurse.getByRole("dialog")).toBeVisible();
  });
  await lookAtAll(nurse, "register", async () => {
    await nurse.goto("/patients/new");
    await expect(nurse.getByRole("heading", { level: 1 })).toBeVisible();
  });
  const manager = await enter(MANAGER);
  await lookAtAll(manager, "request", async () => {
    await manager.goto("/ask/account_reset");
    await manager.getByRole("button", { name: "市に依頼する" }).click();
    await expect(manager.locator(".field-wrong :focus")).toBeVisible();
  });
  await lookAtAll(manager, "invitations", async () => {
    await manager.goto("/invitations");
    await expect(manager.getByRole("heading", { level: 1 })).toBeVisible();
  });
});

test("no barriers where the contractor files and signs", async ({ enter }) => {
  const manager = await enter(OPERATIONS_MANAGER);
  for (const [what, procedure] of [
    ["appointment", "appointment"],
    ["review", "audit_review"],
  ] as const) {
    await lookAtAll(manager, what, async () => {
      await manager.goto(`/ask/${procedure}`);
      await manager.getByRole("button", { name: "下書きを作る" }).click();
      await expect(manager.locator(".field-wrong :focus")).toBeVisible();
    });
  }
});
