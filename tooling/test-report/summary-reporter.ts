import type { Reporter, TestModule } from 'vitest/node';

/** Ends a test run with one plain line, `N passed, N failed, N skipped`, that any tool can read without knowing vitest. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    let broken = 0;
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state] += 1;
      for (const group of [module, ...module.children.allSuites()]) if (group.errors().length > 0) broken += 1;
    }
    // A file that fails to load has no tests, and a failed beforeAll skips its own; neither must read as a pass.
    const failed = count.failed + count.pending + broken;
    process.stdout.write(`\n${count.passed} passed, ${failed} failed, ${count.skipped} skipped\n`);
  }
}
