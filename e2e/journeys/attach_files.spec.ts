import { readFile } from "node:fs/promises";
import { DOCTOR, NURSE } from "../support/people.ts";
import { copyPicture, drop, HIDDEN, pdf, photo } from "../support/files.ts";
import { composer, expect, noteWith, openBook, sharedPatient, test } from "../support/journey.ts";
import { shoot } from "../support/shots.ts";

test("a nurse attaches a photo by the button, a PDF by dragging, a picture by pasting", async ({ city, enter }) => {
  const patient = await sharedPatient(city, NURSE, DOCTOR);
  const page = await enter(NURSE);
  await openBook(page, patient.name);
  const form = composer(page);
  const files = form.getByRole("list", { name: "添付するファイル" });
  const row = (name: string) => files.getByRole("listitem").filter({ hasText: name });
  const document = pdf(300_000);
  const picture = await photo(page);

  await test.step("the photo: its progress is shown while it is on its way", async () => {
    let arrived = (): void => undefined;
    const wait = new Promise<void>((done) => (arrived = done));
    await page.route(`${city.is.aws.s3}/**`, async (route) => {
      if (route.request().method() === "PUT") await wait;
      await route.fallback();
    });
    await form.getByLabel("添付", { exact: true }).setInputFiles({ name: "褥瘡 左踵.jpg", mimeType: "image/jpeg", buffer: picture });
    await expect(row("褥瘡 左踵.jpg").getByRole("progressbar", { name: "送信中" })).toBeVisible();
    arrived();
    await expect(row("褥瘡 左踵.jpg")).toContainText("添付しました");
    await page.unrouteAll({ behavior: "wait" });
  });

  await test.step("the PDF: dropped on the page", async () => {
    await drop(page, "訪問看護報告書.pdf", "application/pdf", document);
    await expect(row("訪問看護報告書.pdf")).toContainText("添付しました");
  });

  await test.step("the picture: pasted into the text", async () => {
    await copyPicture(page);
    await page.getByLabel("本文").focus();
    await page.keyboard.press("Control+V");
    await expect(files.getByText("添付しました")).toHaveCount(3);
  });

  await test.step("what is not what its name says is refused with a sentence, and can be taken off", async () => {
    const html = Buffer.from("<!doctype html><script>alert(1)</script>");
    await form.getByLabel("添付", { exact: true }).setInputFiles({ name: "写真.jpg", mimeType: "image/jpeg", buffer: html });
    await expect(row("写真.jpg").getByRole("alert")).toContainText("この種類のファイルは添付できません。");
    const empty = { name: "空.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(0) };
    await form.getByLabel("添付", { exact: true }).setInputFiles(empty);
    await expect(row("空.pdf").getByRole("alert")).toContainText("空のファイルは添付できません。");
    await shoot(page, "thread-attaching-1280");
    await page.getByLabel("本文").fill("左踵の写真と報告書を送ります。");
    await form.getByRole("button", { name: "送信" }).click();
    await expect(form).toContainText("添付できなかったファイルがあります。");
    await form.getByRole("button", { name: "「写真.jpg」を外す" }).click();
    await form.getByRole("button", { name: "「空.pdf」を外す" }).click();
  });

  const sent = noteWith(page, "左踵の写真と報告書を送ります。");
  await test.step("the note goes out with three files; pictures have a preview", async () => {
    await form.getByRole("button", { name: "送信" }).click();
    await expect(sent.getByRole("img")).toHaveCount(2);
    const preview = sent.getByRole("img", { name: "写真「褥瘡 左踵.jpg」" });
    await preview.scrollIntoViewIfNeeded();
    await expect.poll(() => preview.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  });

  await test.step("a colleague downloads the PDF: the same bytes", async () => {
    const doctor = await enter(DOCTOR);
    await openBook(doctor, patient.name);
    const got = doctor.waitForEvent("download");
    await noteWith(doctor, "左踵の写真と報告書").getByRole("button", { name: "訪問看護報告書.pdf" }).click();
    const download = await got;
    expect(download.suggestedFilename()).toBe("訪問看護報告書.pdf");
    expect((await readFile(await download.path())).equals(document)).toBe(true);
  });

  await test.step("the photo opens in full and is saved without the place where it was taken", async () => {
    await sent.getByRole("button", { name: "写真「褥瘡 左踵.jpg」" }).click();
    const dialog = page.getByRole("dialog", { name: "写真" });
    const full = dialog.getByRole("img", { name: "写真「褥瘡 左踵.jpg」" });
    await expect.poll(() => full.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1600);
    const got = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "保存する" }).click();
    const saved = await readFile(await (await got).path());
    expect(picture.includes(HIDDEN)).toBe(true);
    expect(saved.includes(HIDDEN)).toBe(false);
    expect(saved.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
  });
});
