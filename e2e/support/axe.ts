import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import { expect, test } from "@playwright/test";

interface Violation {
  id: string;
  help: string;
  nodes: { html: string; failureSummary?: string }[];
}

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Finds no barrier on the page as it stands (WCAG 2.2 A and AA, as far as a program can tell). */
export async function expectNoBarriers(page: Page, what: string): Promise<void> {
  await test.step(`${what}: no barriers`, async () => {
    // As an expression: the page's policy lets no script in, and this needs none.
    await page.evaluate(`${SOURCE};void 0`);
    const found = (await page.evaluate(
      `axe.run(document, { runOnly: ${JSON.stringify(RULES)}, resultTypes: ["violations"] }).then((r) => r.violations)`,
    )) as Violation[];
    const words = found.flatMap((violation) =>
      violation.nodes.map((node) => `${violation.id}: ${violation.help}\n  ${node.html}\n  ${node.failureSummary ?? ""}`),
    );
    // Soft: one look at the list of everything is worth more than one barrier at a time.
    expect.soft(words, what).toEqual([]);
  });
}

/** Nothing is cut off at the side: a page scrolls in one direction only. */
export async function expectNoSidewaysScroll(page: Page, what: string): Promise<void> {
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect.soft(wide, `${what}: width of the page in a window of ${window}`).toBeLessThanOrEqual(window ?? 0);
}
