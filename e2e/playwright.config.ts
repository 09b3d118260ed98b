import { defineConfig } from "@playwright/test";

/** What keeps a browser quiet on a machine without a screen and, perhaps, without the internet. */
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  testDir: "journeys",
  outputDir: "test-results",
  // Two processors must carry two browsers, two servers and the program that watches them.
  workers: 2,
  fullyParallel: true,
  // A journey that fails once is a fault of the product or of the journey; trying again would hide it. In CI it is
  // tried once more and reported as flaky, so that a slow moment of the machine does not stop other people's work.
  retries: process.env["CI"] ? 1 : 0,
  updateSnapshots: "none",
  forbidOnly: true,
  timeout: 120_000,
  expect: {
    timeout: 20_000,
    toMatchAriaSnapshot: { pathTemplate: "{testDir}/../outlines/{arg}{ext}" },
  },
  reporter: [["list"], ["./support/count.ts"]],
  use: {
    browserName: "chromium",
    launchOptions: { executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: quiet },
    locale: "ja-JP",
    timezoneId: "Asia/Tokyo",
    viewport: { width: 1280, height: 900 },
    // The application asks for nothing that a page of ours would not: service workers would hide requests.
    serviceWorkers: "block",
    actionTimeout: 20_000,
    // Recording every step costs a quarter of the time: where a journey is tried again, only then.
    trace: process.env["CI"] ? "on-first-retry" : "retain-on-failure",
    screenshot: "only-on-failure",
  },
});
