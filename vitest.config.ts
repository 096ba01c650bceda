import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** Native modules and child processes want processes of their own, and two cores want few of them. */
const shared = { pool: 'forks' as const, maxWorkers: 2, testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    reporters: ['default', './tooling/test-report/summary-reporter.ts'],
    projects: [
      {
        plugins: [svelte()],
        resolve: { conditions: ['browser'] },
        test: { ...shared, name: 'renderer', include: ['test/unit/renderer/**/*.test.ts'] },
      },
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/golden/**/*.test.ts'],
          exclude: ['test/unit/renderer/**'],
        },
      },
      { test: { ...shared, name: 'contract', include: ['test/contract/**/*.test.ts'] } },
      {
        test: {
          ...shared,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/electron/**'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          ...shared,
          // One window system, one clipboard, one port-less studio at a time.
          maxWorkers: 1,
          name: 'electron',
          include: ['test/e2e/electron/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
