import type { Reporter, TestCase } from "@playwright/test/reporter";

/** Says in the last line how many journeys went well: people and programs look for that line. */
export default class Count implements Reporter {
  private readonly tests = new Set<TestCase>();

  onTestEnd(test: TestCase): void {
    this.tests.add(test);
  }

  onExit(): Promise<void> {
    if (this.tests.size === 0) return Promise.resolve();
    const passed = [...this.tests].filter((test) => test.ok()).length;
    console.log(`${passed} passed, ${this.tests.size - passed} failed`);
    return Promise.resolve();
  }

  printsToStdio(): boolean {
    return false;
  }
}
