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

const otherReaders = () =>
  studio.page.getByRole('group', { name: 'Tools of the words' }).getByRole('button', { name: /^Other readers/ });

it('shows the text of a search while it grows, and lays what was found beside the open one', async () => {
  const { page } = studio;
  await otherReaders().click();
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

it('keeps the grid that was opened since, when a lost core comes back', async () => {
  const { page } = studio;
  await page.getByRole('button', { name: 'Studio', exact: true }).click();
  const panel = page.getByRole('dialog', { name: 'Other readers' });
  if (!(await panel.isVisible())) await otherReaders().click();
  const readers = panel.getByRole('group', { name: 'Compare readers' });
  for (const name of ['De-Diffusion encoder, 5 tokens', 'De-Diffusion encoder, 75 tokens'])
    await readers.getByRole('checkbox', { name }).uncheck();
  await panel.getByRole('button', { name: 'Compare 2 readings' }).click();
  await page.getByText('2 of 2 pictures').waitFor({ timeout: 120_000 });
  const grids = page.getByRole('combobox', { name: 'Which grid' });
  await grids.selectOption({ index: 1 });
  await page.getByText('3 of 3 pictures').waitFor();
  await studio.killCore();
  await page.getByText('The studio’s core has stopped answering.').waitFor();
  await studio.restartCore();
  await page.getByText('The studio’s core has stopped answering.').waitFor({ state: 'detached' });
  await page.getByText('3 of 3 pictures').waitFor();
  await page.waitForTimeout(1_500);
  expect(await page.getByText('3 of 3 pictures').count()).toBe(1);
});
