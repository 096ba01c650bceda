import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { patience } from '../../helpers/browser-patience.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';

const SCENES = new URL('../../../models/packs/tiny-scenes/samples/', import.meta.url);
const PICTURES = 4;
const CELLS = PICTURES * (PICTURES - 1);

let studio: StudioUnderTest;
let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'matrix-'));
  const folder = join(place, 'walks');
  await mkdir(folder);
  for (const name of (await readdir(SCENES)).sort().slice(0, PICTURES)) await cp(new URL(name, SCENES), join(folder, name));
  studio = await launchStudio();
});
afterAll(async () => {
  await studio.close();
  await rm(place, { recursive: true });
});

const grid = () => studio.page.getByRole('region', { name: 'Each with each' });
/** What was drawn, in the order of the grid; the thumbnail’s address names the picture by its content. */
const drawn = () => grid().locator('td img');
const addresses = (): Promise<string[]> =>
  drawn().evaluateAll((images) => images.map((image) => (image as HTMLImageElement).src.split('/').at(-1) ?? ''));

it('every picture of a folder is blended with every other, also when the core dies in the middle and the studio is closed', async () => {
  const { page } = studio;
  const on = new StudioPage(page);
  // Long enough on the fastest machine, and before the slowest page, that it can be stopped in its middle.
  await on.words.click();
  await page.keyboard.type('a fox');
  await on.openSettings();
  const steps = page.getByRole('dialog', { name: 'Drawing settings' }).getByRole('spinbutton', { name: 'Steps' });
  await steps.fill('100');
  await steps.press('Tab');
  await page.getByRole('button', { name: 'Blend', exact: true }).click();
  await page.getByRole('radio', { name: 'Many' }).check({ force: true });
  await page.getByRole('region', { name: 'What is blended' }).getByRole('button', { name: 'Choose…' }).click();
  await page.getByLabel('Folder for a batch').setInputFiles(join(place, 'walks'));
  await expect.poll(() => page.getByRole('region', { name: 'What is blended' }).locator('li').count(), patience).toBe(PICTURES);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Blend each with each' }).click();
  await grid().getByRole('heading', { name: 'walks' }).waitFor();
  await drawn().first().waitFor();

  await studio.killCore();
  await page.getByText('The studio’s core has stopped answering.').waitFor();
  // What there was stays on screen.
  const before = await addresses();
  expect(before.length).toBeGreaterThan(0);
  expect(before.length).toBeLessThan(CELLS);
  await studio.restartCore();
  await page.getByText('The studio’s core has stopped answering.').waitFor({ state: 'detached' });
  await expect.poll(() => drawn().count(), patience).toBeGreaterThan(before.length);
  expect(await addresses()).toEqual(expect.arrayContaining(before));

  const later = await addresses();
  expect(later.length).toBeLessThan(CELLS);
  studio = await studio.startAgain();
  await expect.poll(() => drawn().count(), patience).toBe(CELLS);
  expect(await addresses()).toEqual(expect.arrayContaining(later));
  await grid().getByRole('button', { name: 'Pause' }).waitFor({ state: 'detached' });
  expect(await grid().getByText('Does not pass the checks').count()).toBe(0);

  await grid().getByRole('button', { name: 'Save…' }).click();
  const table = await studio.saveFile(() => studio.page.getByRole('menuitem', { name: 'As a table (CSV)' }).click());
  expect(table.trim().split('\r\n')).toHaveLength(CELLS + 1);
  const pictures = await studio.page.evaluate(async () => {
    const json = { kinds: ['generation'], limit: 100 };
    const answer = await fetch('rpc/library/query', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ json }),
    });
    return ((await answer.json()) as { json: { total: number } }).json.total;
  });
  // Nothing was drawn twice.
  expect(pictures).toBe(CELLS);
  expect(studio.complaints).toEqual([]);
});
