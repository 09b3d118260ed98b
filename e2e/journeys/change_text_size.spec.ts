import { NURSE } from "../support/people.ts";
import { expect, signIn, signOut, test } from "../support/journey.ts";

test("a nurse makes the text twice as large, and it stays so in her browser", async ({ city, enter }) => {
  const page = await enter(NURSE);
  const dialog = page.getByRole("dialog", { name: "サインイン中の人と表示" });
  const heading = page.getByRole("heading", { name: "ホーム" });
  const height = async () => (await heading.boundingBox())?.height ?? 0;
  const before = await height();

  await test.step("behind her name she finds who is signed in and the size of the text", async () => {
    await page.getByRole("button", { name: "佐藤 美咲" }).click();
    await expect(dialog).toMatchAriaSnapshot({ name: "account.aria.yml" });
    await dialog.getByRole("radio", { name: "200%" }).check();
    await dialog.getByRole("button", { name: "閉じる" }).click();
    await expect.poll(height).toBeCloseTo(before * 2, 0);
  });

  await test.step("it stays after a reload, and for the sign-in page", async () => {
    await page.reload();
    await expect.poll(height).toBeCloseTo(before * 2, 0);
    await signOut(page);
    const title = page.getByRole("heading", { name: "サインイン", exact: true });
    expect((await title.boundingBox())?.height).toBeGreaterThan(before * 1.5);
    await signIn(page, city, NURSE);
    await expect.poll(height).toBeCloseTo(before * 2, 0);
  });
});
