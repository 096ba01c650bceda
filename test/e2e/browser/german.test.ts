import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { listCutTexts, listPageTexts } from '../../helpers/browser-page-texts.ts';
import { tourInGerman } from '../../helpers/browser-tour-in-german.ts';

let studio: StudioUnderTest;
beforeAll(async () => {
  // Nobody chose a language here: it is that of the system. The window is the smallest that the studio is made for.
  studio = await launchStudio({
    locale: 'de-DE',
    viewport: { width: 1024, height: 768 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
});
afterAll(() => studio.close());

const fileSchema = z.record(z.string(), z.union([z.string(), z.object({ one: z.string(), other: z.string() })]));

/** Every text of a language, each form by itself. */
async function readTexts(tag: string): Promise<string[]> {
  const folder = new URL(`../../../renderer/language/${tag}/`, import.meta.url);
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(new URL(name, folder), 'utf8')));
  return files
    .flatMap((file) => Object.values(fileSchema.parse(JSON.parse(file))))
    .flatMap((message) => (typeof message === 'string' ? [message] : [message.one, message.other]));
}

const germanTexts = new Set(await readTexts('de'));
/** Texts that only English has. */
const englishTexts = (await readTexts('en')).filter((text) => !germanTexts.has(text));
const plain = new Set(englishTexts.filter((text) => !text.includes('{')));
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
/**
 * Those with values, as what they look like with a value of a few words: the artist's texts are longer, and often have an "of" in them.
 * One without a word of its own says nothing of its language.
 */
const value = '\\S+(?: \\S+){0,2}';
const filled = englishTexts
  .filter((text) => text.includes('{') && /\p{L}{2}/u.test(text.replace(/\{\w+\}/g, '')))
  .map(
    (text) =>
      new RegExp(
        `^${text
          .split(/\{\w+\}/)
          .map(escaped)
          .join(value)}$`,
        'u',
      ),
  );
const isEnglish = (text: string): boolean => plain.has(text) || filled.some((pattern) => pattern.test(text));

describe('the page in German', () => {
  it('says nothing in English on any screen, and cuts nothing off', async () => {
    const { page } = studio;
    const english: string[] = [];
    const cut: string[] = [];
    const seen = new Set<string>();
    await tourInGerman(page, async (where) => {
      const texts = await listPageTexts(page);
      for (const text of texts) seen.add(text);
      english.push(...texts.filter(isEnglish).map((text) => `${where}: ${text}`));
      cut.push(...(await listCutTexts(page)).map((text) => `${where}: ${text}`));
    });
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    // So that a tour that finds no texts is no success.
    expect([...seen].filter((text) => germanTexts.has(text)).length).toBeGreaterThan(250);
    expect([...new Set(english)]).toEqual([]);
    expect([...new Set(cut)]).toEqual([]);
  });

  it('changes at once to the language that is chosen, keeps it, and goes back to the system’s', async () => {
    const { page } = studio;
    const language = page.locator('html');
    await page.locator('nav.rail').getByRole('button', { name: 'Einstellungen', exact: true }).click();
    await page.getByLabel('Sprache').selectOption('en');
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    expect(await language.getAttribute('lang')).toBe('en');
    await page.reload();
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    await page.getByLabel('Language', { exact: true }).selectOption({ label: 'As the system' });
    await page.getByRole('heading', { name: 'Einstellungen', level: 1 }).waitFor();
    expect(await language.getAttribute('lang')).toBe('de');
  });
});
