import { CITY_OFFICIAL, MANAGER, SYSTEM_ADMIN } from "../support/people.ts";
import { lookAtAll } from "../support/barriers.ts";
import { pdf } from "../support/files.ts";
import { expect, test } from "../support/journey.ts";

test("a mail says what waits, a file hangs on the case, the record shows both", async ({ city, enter, visit }) => {
  test.setTimeout(180_000);
  const official = await enter(CITY_OFFICIAL);
  const mails = await visit();

  await test.step("the official names an address; nothing but a code goes there first", async () => {
    await official.goto("/me");
    await official.getByLabel("メールアドレス").fill("hanako@example");
    await official.getByRole("button", { name: "確認コードを送る" }).click();
    await expect(official.getByText("メールアドレスの形になっていません。").first()).toBeVisible();
    await official.getByLabel("メールアドレス").fill("hanako@example.jp");
    await official.getByRole("button", { name: "確認コードを送る" }).click();
    await expect(official.getByText("確認待ち")).toBeVisible();
    await city.runOutbox();
    await mails.goto("/mails");
    const text = await mails.getByRole("article").first().innerText();
    const code = /確認コード: (\d{6})/.exec(text)?.[1] ?? "";
    await official.getByLabel("確認コード（6桁）").fill(code);
    await official.getByRole("button", { name: "確認する" }).click();
    await expect(official.getByText("確認済み")).toBeVisible();
    await lookAtAll(official, "my settings with an address", async () => {
      await official.reload();
      await expect(official.getByText("確認済み")).toBeVisible();
    });
  });

  await test.step("a manager asks for something, with a file", async () => {
    const manager = await enter(MANAGER);
    await manager.goto("/ask/account_add");
    await manager.getByLabel("氏名", { exact: false }).first().fill("新田 葵");
    await manager.getByLabel("氏名のよみ").fill("にった あおい");
    await manager.getByLabel("職種").selectOption("看護師");
    await manager.getByRole("radio", { name: "利用者", exact: true }).check();
    await manager.getByLabel("連絡先").fill("0568-00-1234");
    await manager.getByLabel("理由").fill("採用");
    await manager.getByRole("button", { name: "市に依頼する" }).click();
    await expect(manager.getByRole("heading", { level: 1 })).toContainText("A-2026-0001");
    await manager
      .getByLabel("ファイルを添付する")
      .setInputFiles({ name: "採用通知.pdf", mimeType: "application/pdf", buffer: pdf() });
    await expect(manager.getByRole("button", { name: "開く 採用通知.pdf" })).toBeVisible();
  });

  await test.step("the mail names the case and nobody; its link leads there, and the file opens", async () => {
    await city.runOutbox();
    await mails.reload();
    const mail = mails.getByRole("article").filter({ hasText: "A-2026-0001" }).first();
    await expect(mail).toContainText("hanako@example.jp");
    await expect(mail).not.toContainText("新田");
    const link = /https?:\S+\/cases\/\S+/.exec(await mail.innerText())?.[0] ?? "";
    await official.goto(link);
    const [download] = await Promise.all([
      official.waitForEvent("download"),
      official.getByRole("button", { name: "開く 採用通知.pdf" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("採用通知.pdf");
    await lookAtAll(official, "case with a file", async () => {
      await official.reload();
      await expect(official.getByRole("heading", { name: "添付ファイル" })).toBeVisible();
    });
  });

  await test.step("the administrator sees what was sent and whom to call", async () => {
    const admin = await enter(SYSTEM_ADMIN);
    await admin.goto("/outbox");
    await expect(admin.getByText("1人に送りました").first()).toBeVisible();
    await lookAtAll(admin, "outbox", async () => {
      await admin.goto("/outbox");
      await expect(admin.getByRole("heading", { name: "終わったこと" })).toBeVisible();
    });
    await lookAtAll(admin, "contacts", async () => {
      await admin.goto("/contacts");
      await expect(admin.getByText("今は電話で連絡します。")).toBeVisible();
    });
  });
});
