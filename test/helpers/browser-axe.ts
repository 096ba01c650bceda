import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

declare global {
  interface Window {
    readonly axe: { run(): Promise<AxeResults> };
  }
}

/** What a system can ask for, with what the page then says of itself; the tokens of high contrast in the dark are the unit tests' affair. */
const looks = [
  { name: 'dark', colorScheme: 'dark', contrast: 'no-preference', forcedColors: 'none', says: 'normal' },
  { name: 'light', colorScheme: 'light', contrast: 'no-preference', forcedColors: 'none', says: 'normal' },
  { name: 'high contrast', colorScheme: 'light', contrast: 'more', forcedColors: 'none', says: 'more' },
  { name: 'the system’s own colours', colorScheme: 'dark', contrast: 'no-preference', forcedColors: 'active', says: 'normal' },
] as const;

/** Puts axe into a page, whose policy has to be by-passed for it: it rightly refuses any script. */
export async function putInAxe(page: Page): Promise<void> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
}

/** What axe finds in the state on screen, in every look. */
export async function listViolations(page: Page): Promise<string[]> {
  const all: string[] = [];
  for (const { name, colorScheme, contrast, forcedColors, says } of looks) {
    await page.emulateMedia({ colorScheme, contrast, forcedColors });
    await page.locator(`html[data-contrast=${says}]`).waitFor({ state: 'attached' });
    const { violations: found } = await page.evaluate(() => window.axe.run());
    const lines = found.flatMap((one) =>
      one.nodes.map((node) => `${one.id}: ${node.target.join(' ')} – ${node.failureSummary ?? ''}`),
    );
    all.push(...lines.map((line) => `${name}: ${line}`));
  }
  return all;
}
