import type { Page } from "@playwright/test";

/** A photo as a telephone takes it: a JPEG with the place where it was taken hidden inside. */
export async function photo(page: Page): Promise<Buffer> {
  const drawn = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [1600, 1200];
    const pen = canvas.getContext("2d");
    for (let at = 0; at < 400 && pen; at++) {
      pen.fillStyle = `hsl(${(at * 37) % 360} 60% 60%)`;
      pen.fillRect((at * 131) % 1600, (at * 71) % 1200, 160, 120);
    }
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.9));
    return [...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))];
  });
  const jpeg = Buffer.from(drawn);
  return Buffer.concat([jpeg.subarray(0, 2), placeOfPhoto(), jpeg.subarray(2)]);
}

/** Words that only the hidden part of a photo holds. */
export const HIDDEN = "35.2901N 136.9120E";

/** An EXIF segment with one GPS entry: the name of the processing method, where we put the place in words. */
function placeOfPhoto(): Buffer {
  const words = Buffer.from(`ASCII\0\0\0${HIDDEN}\0`);
  const tiff = Buffer.alloc(44);
  tiff.write("MM\0*", 0, "latin1");
  tiff.writeUInt32BE(8, 4);
  // The first directory: one entry, that says where the GPS directory is.
  tiff.writeUInt16BE(1, 8);
  tiff.writeUInt16BE(0x8825, 10);
  tiff.writeUInt16BE(4, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt32BE(26, 18);
  // The GPS directory: one entry, whose bytes follow.
  tiff.writeUInt16BE(1, 26);
  tiff.writeUInt16BE(0x001b, 28);
  tiff.writeUInt16BE(7, 30);
  tiff.writeUInt32BE(words.length, 32);
  tiff.writeUInt32BE(44, 36);
  const body = Buffer.concat([Buffer.from("Exif\0\0"), tiff, words]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** A PDF document of one empty page, with so many bytes of padding. */
export function pdf(padding = 0): Buffer {
  const parts = [
    "%PDF-1.4\n",
    "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n",
    `% ${"x".repeat(padding)}\n`,
    "trailer<</Root 1 0 R>>\n%%EOF\n",
  ];
  return Buffer.from(parts.join(""));
}

/** Drops a file on the page, as from a folder on the desktop. */
export async function drop(page: Page, name: string, type: string, bytes: Buffer): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([name, type, base64]) => {
      const transfer = new DataTransfer();
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type }));
      return transfer;
    },
    [name, type, bytes.toString("base64")] as const,
  );
  for (const event of ["dragenter", "dragover", "drop"]) await page.dispatchEvent("main", event, { dataTransfer });
}

/** Copies a small picture, as from another program. */
export async function copyPicture(page: Page): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [320, 240];
    canvas.getContext("2d")?.fillRect(40, 40, 100, 100);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
    if (blob) await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
  });
}
