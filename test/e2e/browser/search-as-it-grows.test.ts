import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';

let studio: StudioUnderTest;

beforeAll(async () => {
  studio = await launchStudio();
  const on = new StudioPage(studio.page);
  await on.openSample();
  await on.waitForResults(1);
});
afterAll(() => studio.close());

it('shows the text of a search while it grows, and lays what was found beside the open one', async () => {
  const { page } = studio;
  await page
    .getByRole('group', { name: 'Tools of the words' })
    .getByRole('button', { name: /^Other readers/ })
    .click();
  const panel = page.getByRole('dialog', { name: 'Other readers' });
  await panel
    .getByRole('combobox', { name: 'Read also by' })
    .selectOption({ label: 'Search judged by the decoder, from nothing' });
  await panel.getByRole('button', { name: 'Read also', exact: true }).click();
  // Some seconds long; the first word comes after a tenth of it.
  const growing = panel.getByRole('status').locator('[translate=no]');
  await growing.waitFor();
  expect((await growing.innerText()).split(' ').length).toBeLessThan(16);
  const card = panel.getByRole('article', { name: /by the decoder/ });
  await card.waitFor({ timeout: 120_000 });
  await growing.waitFor({ state: 'detached' });
});

it('compares readers of the picture in a grid that can be saved', async () => {
  const { page } = studio;
  const panel = page.getByRole('dialog', { name: 'Other readers' });
  const readers = panel.getByRole('group', { name: 'Compare readers' });
  await readers.getByRole('checkbox', { name: 'De-Diffusion encoder, 5 tokens' }).uncheck();
  await panel.getByRole('button', { name: 'Compare 3 readings' }).click();
  await page.getByText('3 of 3 pictures').waitFor({ timeout: 120_000 });
  for (const name of [
    'De-Diffusion encoder, 15 tokens',
    'De-Diffusion encoder, 75 tokens',
    /^Search by likeness, \d+ tokens – guided by its judge$/,
  ])
    await page
      .getByRole('rowheader')
      .filter({ has: page.getByText(name, { exact: true }) })
      .getByText(/^Like the original/)
      .waitFor();
  await page.getByRole('button', { name: 'Save…' }).click();
  const csv = await studio.saveFile(() => page.getByRole('menuitem', { name: 'As a table (CSV)' }).click());
  expect(csv.trim().split(/\r?\n/u)).toHaveLength(4);
  expect(studio.complaints).toEqual([]);
});
