import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { State } from './tour-options.ts';

const scenes = fileURLToPath(new URL('../../models/packs/tiny-scenes/samples', import.meta.url));
/** Enough that the batch is still at work when every size and look was taken. */
const rounds = 20;

/** The pack's scenes again and again under names of their own, and a file that is no picture. */
async function makeFolder(): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'dediffusion-shots-')), 'Sketchbook');
  await mkdir(folder);
  const files = (await readdir(scenes)).filter((name) => name.endsWith('.png'));
  for (let round = 1; round <= rounds; round += 1) {
    for (const name of files) await copyFile(join(scenes, name), join(folder, `${name.replace('.png', '')} ${round}.png`));
  }
  await writeFile(join(folder, '0-contact sheet.png'), 'this is no picture');
  return folder;
}

/** The Batch screen: empty, in the middle of its work, paused with chosen rows, and its table being saved. */
export async function* visitBatch(page: Page): AsyncGenerator<State> {
  const folder = await makeFolder();
  try {
    await page.getByRole('button', { name: 'Batch', exact: true }).click();
    await page.getByRole('button', { name: 'Choose a folder' }).waitFor();
    yield 'batch-empty';
    await page.getByRole('checkbox', { name: 'Draw each text and compare' }).check();
    await page.getByRole('button', { name: '75 tokens' }).click();
    await page.getByLabel('Folder for a batch').setInputFiles(folder);
    const rows = page.getByRole('grid').getByRole('row');
    await rows.filter({ hasText: 'Done' }).nth(2).waitFor();
    await page.waitForTimeout(500);
    yield 'batch-working';
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('button', { name: 'Resume', exact: true }).waitFor();
    await rows.nth(2).click();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('3 chosen').waitFor();
    yield 'batch-paused';
    await page.getByRole('button', { name: 'Choose none' }).click();
    await page.getByRole('button', { name: 'Save table…' }).click();
    await page.getByRole('dialog', { name: 'Save the table' }).waitFor();
    await page.waitForTimeout(300);
    yield 'batch-save-table';
    await page.keyboard.press('Escape');
  } finally {
    await rm(join(folder, '..'), { recursive: true, force: true });
  }
}
