import { NURSE, OPERATOR, SYSTEM_ADMIN } from "../support/people.ts";
import { lookAtAll } from "../support/barriers.ts";
import { expect, test } from "../support/journey.ts";

test("a question to the help desk is answered, asked again, and settled", async ({ enter }) => {
  const nurse = await enter(NURSE);
  const operator = await enter(OPERATOR);

  await test.step("the nurse sees whether the help desk answers now, and asks", async () => {
    await nurse.goto("/cases");
    await nurse.getByRole("link", { name: "問い合わせ", exact: true }).click();
    await expect(nurse.getByText("ただいま受付時間内です。")).toBeVisible();
    await nurse.getByRole("button", { name: "送信する" }).click();
    await expect(nurse.getByText("件名を入力してください。").first()).toBeVisible();
    await nurse.getByRole("radio", { name: "システムの使い方" }).check();
    await nurse.getByLabel("件名").fill("写真が付かない");
    await nurse.getByLabel("問い合わせの内容").fill("添付を押しても、写真を選ぶ画面が出ません。");
    await nurse.getByRole("button", { name: "送信する" }).click();
    await expect(nurse.getByRole("heading", { level: 1 })).toHaveText("問い合わせ（Q-2026-0001）");
    // Eight hours of the desk from Friday at ten: Monday is a holiday.
    await expect(nurse.getByText(/11月24日\(火\) 10:0/)).toBeVisible();
  });

  await test.step("the operator answers from the home page", async () => {
    await operator.goto("/");
    await operator.getByRole("link", { name: "Q-2026-0001" }).click();
    await operator.getByRole("button", { name: "回答する" }).click();
    const dialog = operator.getByRole("dialog", { name: "回答する" });
    await dialog.getByRole("textbox", { name: "回答" }).fill("スマートフォンの設定で、写真の利用を許可してください。");
    await dialog.getByRole("button", { name: "回答する" }).click();
    await expect(dialog).toBeHidden();
  });

  await test.step("the nurse reads the answer and is content", async () => {
    await nurse.reload();
    await expect(nurse.getByText("写真の利用を許可してください。")).toBeVisible();
    await nurse.getByRole("button", { name: "解決した" }).click();
    await nurse.getByRole("dialog").getByRole("button", { name: "解決した" }).click();
    await expect(nurse.getByText("この案件は終わっています。")).toBeVisible();
  });

  await test.step("a call is entered by the operator and handed over as an incident", async () => {
    await operator.goto("/ask/inquiry");
    await operator.getByRole("radio", { name: "電話・紙・FAXなどで届いたもの" }).check();
    await operator.getByLabel("依頼した施設").selectOption({ index: 1 });
    await operator.getByRole("radio", { name: "電話", exact: true }).check();
    await operator.getByRole("radio", { name: "障害・復旧時間など" }).check();
    await operator.getByLabel("件名").fill("連絡が送れない");
    await operator.getByLabel("問い合わせの内容").fill("朝から送信できません。");
    await operator.getByRole("button", { name: "入力した内容で受け付ける" }).click();
    await operator.getByRole("button", { name: "障害として引き継ぐ" }).click();
    const dialog = operator.getByRole("dialog");
    await dialog.getByRole("radio", { name: "システム障害" }).check();
    await dialog.getByLabel("発見箇所").fill("API");
    await dialog.getByRole("button", { name: "障害として引き継ぐ" }).click();
    await expect(operator.getByRole("link", { name: /I-2026-0001/ })).toBeVisible();
    const admin = await enter(SYSTEM_ADMIN);
    await admin.getByRole("link", { name: "I-2026-0001" }).click();
    await expect(admin.getByText("朝から送信できません。")).toBeVisible();
    await lookAtAll(operator, "inquiry", async () => {
      await operator.goto("/ask/inquiry");
      await expect(operator.getByText("ただいま受付時間内です。")).toBeVisible();
    });
  });
});
