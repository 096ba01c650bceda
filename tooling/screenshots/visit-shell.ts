import type { Page } from 'playwright-core';
import type { State } from './tour-options.ts';

/** The palette, the queue, Models and Settings. Begins and ends in the Studio. */
export async function* visitShell(page: Page): AsyncGenerator<State> {
  const go = async (place: string): Promise<void> => {
    await page.getByRole('button', { name: place, exact: true }).click();
    await page.getByRole('heading', { level: 1 }).first().waitFor();
  };
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await page.keyboard.press('Control+k');
  await palette.getByRole('group', { name: 'Recent work' }).getByRole('option').first().waitFor();
  yield '20-palette';
  await page.keyboard.type('co');
  await palette.getByRole('option', { selected: true, name: /Co/ }).waitFor();
  yield '21-palette-typed';
  await page.keyboard.press('Escape');
  await palette.waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Queue empty' }).click();
  await page.getByRole('dialog', { name: 'Queue' }).waitFor();
  yield '19-queue';
  await page.keyboard.press('Escape');

  await go('Models');
  await page.getByRole('button', { name: 'Check every file' }).click();
  await page.getByText(/Every file is as it was made/).waitFor();
  yield '11-packs';

  await go('Settings');
  await page.getByRole('button', { name: 'Try the devices again' }).click();
  await page.getByRole('button', { name: 'Trying every device…' }).waitFor({ state: 'detached' });
  await page.getByRole('radio', { name: /^CPU/ }).waitFor();
  yield '22-settings';
  const sections = page.getByRole('navigation', { name: 'Sections of the settings' });
  await sections.getByRole('button', { name: 'Shortcuts' }).click();
  await page.getByRole('button', { name: /^Keys of Generate/ }).click();
  yield '23-settings-shortcuts';
  await page.keyboard.press('Escape');
  await sections.getByRole('button', { name: 'Privacy' }).click();
  yield '24-settings-privacy';

  await sections.getByRole('button', { name: 'Connections' }).click();
  await page.getByRole('button', { name: 'Add one by its address' }).click();
  await page.getByRole('form', { name: 'A connection' }).waitFor();
  yield '25-settings-connections';
  await go('Studio');
}
