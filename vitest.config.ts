import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { fileURLToPath } from 'node:url';

/** Native modules and child processes want processes of their own, and two cores want few of them. */
const shared = { pool: 'forks' as const, maxWorkers: 2, testTimeout: 60_000, hookTimeout: 60_000 };

/** Specs start some hundred processes of the studio, each with a library of its own: here they share what was compiled, which halves their start. */
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('./node_modules/.cache/node-compiled', import.meta.url));

/** Without one, the desktop's own specs say that they are skipped. */
const hasElectron = Boolean(process.env['ELECTRON_OVERRIDE_DIST_PATH']);

/** Every spec of the desktop starts a screen of its own where there is none; of a screen that is there, they share the clipboard. */
const hasOwnScreens = process.platform === 'linux' && !process.env['DISPLAY'];

/**
 * Specs of the page that run in the desktop program as well, because there something else answers them: dialogs, the clipboard, drops,
 * keys beside a menu bar, a core that dies, the main job over it all, and
 * how many acts a task takes. Where the face makes no difference, the browser is enough.
 */
const inBothFaces = [
  'acts',
  'ask',
  'batch',
  'blend',
  'connections',
  'keyboard-only',
  'library-export',
  'main-job',
  'pictures-in',
  'reload-and-loss',
  'second-start',
  'shell',
  'texts-and-addresses-in',
  'transfer',
].map((name) => `test/e2e/browser/${name}.test.ts`);

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
          globalSetup: './test/helpers/build-stale-page.ts',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/electron/**'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        // In the desktop program, the browser's specs have another file that launches the studio.
        resolve: {
          alias: [
            {
              find: /^.*\/browser-launch-studio\.ts$/,
              replacement: fileURLToPath(new URL('./test/helpers/electron-launch-studio.ts', import.meta.url)),
            },
          ],
        },
        test: {
          ...shared,
          maxWorkers: hasOwnScreens ? 2 : 1,
          name: 'electron',
          globalSetup: './test/helpers/build-stale-page.ts',
          include: ['test/e2e/electron/**/*.test.ts', ...(hasElectron ? inBothFaces : [])],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
