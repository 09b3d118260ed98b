import { look, LOOKS } from "../support/barriers.ts";
import { expect, test } from "../support/journey.ts";

test("no barriers before anybody has signed in", async ({ visit }) => {
  for (const { name, width, text } of LOOKS) {
    const page = await visit({ viewport: { width, height: width === 390 ? 844 : 900 } });
    // Nobody can choose a size here: it is the one that this browser was left with.
    await page.addInitScript((size) => localStorage.setItem("tsunagaru.text-size", size), text.replace("%", ""));
    await page.goto("/signin");
    await look(page, `signin ${name}`);
    await page.getByLabel("ユーザーID").fill("nobody-0000");
    await page.getByLabel("パスワード").fill("ｗｒｏｎｇ");
    await expect(page.getByRole("button", { name: "半角に直す" })).toBeVisible();
    await look(page, `signin full width ${name}`);
    await page.getByRole("button", { name: "サインイン", exact: true }).click();
    await expect(page.getByRole("alert")).toHaveText("ユーザーIDまたはパスワードが違います。");
    await look(page, `signin wrong ${name}`);
    await page.goto("/signin#factor");
    await expect(page.getByLabel("確認コード")).toBeVisible();
    await look(page, `signin factor ${name}`);
  }
});
