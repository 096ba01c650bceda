import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

declare global {
  interface Window {
    readonly axe: { run(options: RunOptions): Promise<AxeResults> };
  }
}

/** What a system can ask for, with what the page then says of itself. */
const looks = [
  { name: 'dark', colorScheme: 'dark', contrast: 'no-preference', forcedColors: 'none', says: 'normal' },
  { name: 'light', colorScheme: 'light', contrast: 'no-preference', forcedColors: 'none', says: 'normal' },
  { name: 'high contrast on light', colorScheme: 'light', contrast: 'more', forcedColors: 'none', says: 'more' },
  { name: 'high contrast on dark', colorScheme: 'dark', contrast: 'more', forcedColors: 'none', says: 'more' },
  { name: 'the system’s own colours', colorScheme: 'dark', contrast: 'no-preference', forcedColors: 'active', says: 'normal' },
] as const;

/** Rules that read what a look changes: colours, and what scrolls. The others read elements and attributes, which are the same in all. */
const rulesOfLooks = ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable'];

/** Puts axe into a page, whose policy has to be by-passed for it: it rightly refuses any script. */
export async function putInAxe(page: Page): Promise<void> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
}

/** What axe finds in the state on screen: by all its rules in the first look, by those that read looks in the others. */
export async function listViolations(page: Page): Promise<string[]> {
  const all: string[] = [];
  for (const [at, { name, colorScheme, contrast, forcedColors, says }] of looks.entries()) {
    await page.emulateMedia({ colorScheme, contrast, forcedColors });
    await page.locator(`html[data-contrast=${says}]`).waitFor({ state: 'attached' });
    const options: RunOptions = at === 0 ? {} : { runOnly: { type: 'rule', values: rulesOfLooks } };
    const { violations: found } = await page.evaluate((run) => window.axe.run(run), options);
    const lines = found.flatMap((one) =>
      one.nodes.map((node) => `${one.id}: ${node.target.join(' ')} – ${node.failureSummary ?? ''}`),
    );
    all.push(...lines.map((line) => `${name}: ${line}`));
  }
  return all;
}
