import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePngText } from '../../../main/image/write-png-text.ts';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { patience } from '../../helpers/browser-patience.ts';
import { makeNumberedPicture, makePictureFolder } from '../../helpers/make-picture-folder.ts';
import { parseCsv } from '../../helpers/parse-csv.ts';

const PICTURES = 8;
let studio: StudioUnderTest;
let folder = '';

beforeAll(async () => {
  folder = await makePictureFolder(PICTURES);
  studio = await launchStudio();
  await studio.page.getByRole('button', { name: 'Batch', exact: true }).click();
});
afterAll(async () => {
  await studio.close();
  await rm(dirname(folder), { recursive: true, force: true });
});

const button = (name: string | RegExp): Locator => studio.page.getByRole('button', { name });
const grid = (): Locator => studio.page.getByRole('grid', { name: 'Pictures of Holiday' });
const rows = (): Locator =>
  grid()
    .getByRole('row')
    .filter({ has: studio.page.getByRole('gridcell') });
const names = async (): Promise<string[]> => {
  const texts = await rows().evaluateAll((all) =>
    all
      .map((row) => ({
        at: Number(row.getAttribute('aria-rowindex')),
        // The name stands over its folder.
        name: [...row.querySelectorAll('.file .name')]
          .map(({ textContent }) => textContent)
          .reverse()
          .join('/'),
      }))
      .sort((a, b) => a.at - b.at)
      .map(({ name }) => name),
  );
  return texts.map((name) => name.replace(/^Holiday\//, ''));
};
const countOf = async (state: string): Promise<number> => {
  const label = await studio.page.getByRole('radio', { name: new RegExp(`^${state}: `) }).getAttribute('aria-label');
  return Number(label?.replace(/\D/g, ''));
};

describe('a batch', () => {
  it('teaches with one action', async () => {
    await studio.page.getByRole('heading', { name: 'A folder in, a table of texts out' }).waitFor();
    expect(await button('Choose a folder').isEnabled()).toBe(true);
  });

  it('takes a folder in and begins to read and draw', async () => {
    await studio.page.getByRole('checkbox', { name: 'Draw each text and compare' }).check();
    // Long enough on the fastest machine that its middle can be looked at below.
    await studio.page.getByRole('spinbutton', { name: 'Pictures per text' }).fill('4');
    await studio.page.getByLabel('Folder for a batch').setInputFiles(folder);
    await rows().nth(PICTURES).waitFor();
    expect(await names()).toEqual([
      'beach/picture 8.png',
      'broken.png',
      ...Array.from({ length: PICTURES - 1 }, (_, index) => `picture ${index + 1}.png`),
    ]);
  });

  it('reports the bad file in its row, with what to do', async () => {
    const broken = rows().filter({ hasText: 'broken.png' });
    await broken.getByText('Failed').waitFor();
    expect((await broken.locator('.text').innerText()).length).toBeGreaterThan(20);
  });

  it('pauses, and keeps what is done', async () => {
    await expect.poll(() => countOf('Done'), patience).toBeGreaterThanOrEqual(1);
    await button(/^Pause$/).click();
    await button(/^Resume$/).waitFor();
    const done = await countOf('Done');
    expect(done).toBeLessThan(PICTURES);
    expect((await countOf('To do')) + done).toBe(PICTURES);
  });

  it('moves rows by key', async () => {
    const before = await names();
    await rows().nth(0).click();
    await studio.page.keyboard.press('Alt+ArrowDown');
    await expect.poll(names, patience).toEqual([before[1], before[0], ...before.slice(2)]);
    await studio.page.keyboard.press('Alt+ArrowUp');
    await expect.poll(names, patience).toEqual(before);
  });

  it('is there as it was after the core has died', async () => {
    const before = await names();
    const done = await countOf('Done');
    await studio.killCore();
    await studio.page.getByText('The studio’s core has stopped answering.').waitFor();
    await studio.restartCore();
    await studio.page.getByText('The studio’s core has stopped answering.').waitFor({ state: 'detached' });
    await expect.poll(names, patience).toEqual(before);
    expect(await countOf('Done')).toBe(done);
    await button(/^Resume$/).waitFor();
  });

  it('goes on to the end', async () => {
    await button(/^Resume$/).click();
    await expect.poll(() => countOf('Done'), patience).toBe(PICTURES);
    expect(await countOf('Failed')).toBe(1);
    await expect
      .poll(() => rows().filter({ hasText: 'picture 3.png' }).locator('.fidelity').innerText(), patience)
      .toMatch(/^[01]\.\d\d/);
  });

  it('mends the bad file when it comes again, and retries it', async () => {
    await rows()
      .filter({ hasText: 'broken.png' })
      .getByRole('button', { name: /^Try .* again$/ })
      .click();
    await studio.page
      .getByText('has to be mended first')
      .or(rows().filter({ hasText: 'broken.png' }).getByText('Failed'))
      .first()
      .waitFor();
    const choosing = studio.page.waitForEvent('filechooser');
    await button('Add pictures to this batch').click();
    const text = 'a fox\nSteps: 2, Sampler: Euler, CFG scale: 3, Seed: 41';
    const buffer = Buffer.from(writePngText(await makeNumberedPicture(99), [{ keyword: 'parameters', text }]));
    await (await choosing).setFiles({ name: 'broken.png', mimeType: 'image/png', buffer });
    await expect.poll(() => countOf('Failed'), patience).toBe(0);
    await expect.poll(() => countOf('Done'), patience).toBe(PICTURES + 1);
    expect(await names()).toHaveLength(PICTURES + 1);
  });

  it('offers what the file of a chosen row says of how it was made', async () => {
    const offer = button('How it was made');
    // What could not be tried again was told, where the machine was slow enough, and lies over the rows until it is put away.
    const told = studio.page.getByRole('alert').getByRole('button', { name: 'Dismiss' });
    while ((await told.count()) > 0) await told.first().click();
    await rows().filter({ hasText: 'broken.png' }).click();
    await offer.waitFor();
    await rows().filter({ hasText: 'picture 1.png' }).click();
    await offer.waitFor({ state: 'detached' });
  });

  it('sorts and finds rows', async () => {
    const backwards = (await names()).toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
    await studio.page.getByRole('columnheader', { name: 'File' }).getByRole('button').click();
    await studio.page.getByRole('columnheader', { name: 'File' }).getByRole('button').click();
    await expect.poll(names, patience).toEqual(backwards);
    await studio.page.getByRole('textbox', { name: 'Find in names and texts' }).fill('beach');
    await expect.poll(names, patience).toEqual(['beach/picture 8.png']);
    await studio.page.getByRole('textbox', { name: 'Find in names and texts' }).fill('');
    await studio.page.getByRole('columnheader', { name: 'Order' }).getByRole('button').click();
    await expect.poll(async () => (await names()).length, patience).toBe(PICTURES + 1);
  });

  it('saves its table as CSV and JSONL', async () => {
    const save = (format: string) =>
      studio.saveFile(async () => {
        await button('Save table…').click();
        await studio.page
          .getByRole('dialog', { name: 'Save the table' })
          .getByRole('button', { name: format, exact: true })
          .click();
      });
    const [header, ...lines] = parseCsv(await save('CSV'));
    expect(header?.slice(0, 5)).toEqual(['file', 'sha256', 'state', 'length', 'text']);
    expect(lines.map(([file]) => file?.replace(/^Holiday\//, ''))).toEqual(await names());
    for (const [, sha256, state, , text] of lines) {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(state).toBe('done');
      expect(text).not.toBe('');
    }
    const objects = (await save('JSONL'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { file: string; text: string });
    expect(objects.map(({ file, text }) => [file, text])).toEqual(lines.map(([file, , , , text]) => [file, text]));
  });

  it('opens a row in the Studio by key', async () => {
    await rows().filter({ hasText: 'picture 2.png' }).click();
    await studio.page.keyboard.press('Enter');
    await studio.page.getByRole('textbox', { name: 'Words of the picture' }).waitFor();
    await expect.poll(() => studio.page.title(), patience).toContain('picture 2');
    await studio.page.getByRole('button', { name: 'Batch', exact: true }).click();
    await grid().waitFor();
  });

  it('remembers over a reload what a new one does', async () => {
    const draw = studio.page.getByRole('checkbox', { name: 'Draw each text and compare' });
    const count = studio.page.getByRole('spinbutton', { name: 'Pictures per text' });
    await button('75 tokens').click();
    await studio.page.reload();
    await draw.waitFor();
    expect(await draw.isChecked()).toBe(true);
    expect(await count.inputValue()).toBe('4');
    expect(await button('75 tokens').getAttribute('aria-pressed')).toBe('true');
  });

  it('is removed from the list', async () => {
    await button(/^Remove from the list/).click();
    await studio.page.getByRole('heading', { name: 'A folder in, a table of texts out' }).waitFor();
    expect(studio.complaints.filter((line) => !/net::ERR|status of (4\d\d|503)|Failed to fetch/.test(line))).toEqual([]);
  });
});
