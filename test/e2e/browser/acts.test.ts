import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { patience } from '../../helpers/browser-patience.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';
import { makePictureFolder } from '../../helpers/make-picture-folder.ts';

let studio: StudioUnderTest;
let on: StudioPage;

beforeAll(async () => {
  studio = await launchStudio();
  on = new StudioPage(studio.page);
  await on.samples.first().waitFor();
});
afterAll(() => studio.close());

/** What a person does once: a click, a choice, a key, or writing a text. */
class Acts {
  readonly #names: string[] = [];

  async act(name: string, what: () => Promise<unknown>): Promise<void> {
    this.#names.push(name);
    await what();
  }

  key(keys: string): Promise<void> {
    return this.act(keys, () => studio.page.keyboard.press(keys));
  }

  write(text: string): Promise<void> {
    return this.act(`write "${text}"`, () => studio.page.keyboard.type(text));
  }

  /** Prints the acts, and holds them to what was promised. */
  end(task: string, most: number): void {
    console.log(`${task}: ${this.#names.length} of ${most} acts (${this.#names.join(', ')})`);
    expect(this.#names.length).toBeLessThanOrEqual(most);
  }
}

/** The name of what has the focus, also inside the editor's shadow root. */
function focused(): Promise<string> {
  return studio.page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element === document.body ? 'the body' : (element?.getAttribute('aria-label') ?? element?.textContent ?? '');
  });
}

it('nothing to a redrawn picture, and the focus is in the words', async () => {
  const acts = new Acts();
  await acts.act('click a scene', () => on.samples.first().click());
  await on.waitForResults(1);
  acts.end('Nothing to a redrawn picture', 1);
  await expect.poll(focused, patience).toBe('Words of the picture');
});

it.each([15, 75])('the object is another everywhere at %i tokens, and is drawn', async (length) => {
  await on.openLength(length);
  const object = await objectOf();
  const other = object === 'fox' ? 'dog' : 'fox';
  const known = await on.results.count();
  const acts = new Acts();
  const at = (await on.tokens.allInnerTexts()).findIndex((text) => text.toLowerCase() === object);
  await acts.act(`click "${object}"`, () => on.tokens.nth(Math.max(0, at)).click());
  const everywhere = studio.page.getByRole('checkbox', { name: /^All \d+/ });
  if ((await everywhere.count()) === 1) await acts.act('all of them', () => everywhere.check());
  await acts.act(`choose "${other}"`, () =>
    studio.page.getByRole('region', { name: 'What this pack draws of its kind' }).getByRole('button', { name: other }).click(),
  );
  await acts.key('Control+Enter');
  await on.waitForResults(known + 1);
  expect((await on.text()).split(/\s+/)).not.toContain(object);
  acts.end(`The object is another everywhere at ${length} tokens`, 4);
});

/** What the first scene shows, by the first word of its title. */
async function objectOf(): Promise<string> {
  const title = await studio.page.getByLabel('Canvas').getByRole('heading').innerText();
  return title.split(' ')[0]?.toLowerCase() ?? '';
}

it('of four variants the best is kept and the rest goes', async () => {
  const known = await on.results.count();
  const acts = new Acts();
  await acts.act('choose four', () => studio.page.getByRole('combobox', { name: 'Pictures to draw' }).selectOption('4'));
  await acts.act('Generate', () => on.generate.click());
  const variants = studio.page.getByRole('list', { name: 'Pictures to choose among' }).getByRole('button');
  await variants.nth(3).waitFor();
  await acts.key('2');
  await expect.poll(() => variants.nth(1).getAttribute('aria-pressed'), patience).toBe('true');
  await acts.key('k');
  await expect.poll(() => on.results.count(), patience).toBe(known + 1);
  acts.end('Four variants, the best is kept', 4);
  await studio.page.getByRole('combobox', { name: 'Pictures to draw' }).selectOption('1');
});

it('the main job is done by keys alone', async () => {
  const known = await on.results.count();
  const acts = new Acts();
  await acts.key('F2');
  await expect.poll(focused, patience).toBe('Words of the picture');
  await acts.key('Control+End');
  await acts.write(' red');
  expect(await focused()).toBe('Words of the picture');
  await acts.key('Control+Enter');
  await on.waitForResults(known + 1);
  expect(await focused()).not.toBe('the body');
  acts.end('The main job by keys', 8);
});

it('a picture is found by a sentence', async () => {
  const { page } = studio;
  await page.getByRole('button', { name: 'Library', exact: true }).click();
  const cells = page.getByRole('listbox', { name: 'Library items' }).getByRole('option');
  await cells.first().waitFor();
  const acts = new Acts();
  await acts.key('Control+f');
  await acts.write('something round that lies on the ground');
  await cells.locator('.number').first().waitFor();
  acts.end('A picture by a sentence', 3);
  await page.getByRole('button', { name: 'Clear the search' }).click();
});

it('a folder becomes a table', async () => {
  const { page } = studio;
  const folder = await makePictureFolder(2);
  const acts = new Acts();
  await acts.act('Batch', () => page.getByRole('button', { name: 'Batch', exact: true }).click());
  await acts.act('choose the folder', () => page.getByLabel('Folder for a batch').setInputFiles(folder));
  await page.getByRole('row').filter({ hasText: 'Done' }).nth(1).waitFor();
  await acts.act('Save table', () => page.getByRole('button', { name: 'Save table…' }).click());
  const save = page.getByRole('dialog', { name: 'Save the table' }).getByRole('button', { name: 'CSV', exact: true });
  const [download] = await Promise.all([page.waitForEvent('download'), acts.act('save it', () => save.click())]);
  expect(download.suggestedFilename()).toMatch(/\.csv$/);
  acts.end('A folder to a table', 4);
  await rm(dirname(folder), { recursive: true, force: true });
  await page.getByRole('button', { name: 'Studio', exact: true }).click();
});

it('complained about nothing on the way', () => {
  // The folder holds a file that is no picture, which the core refuses.
  const refused = /\/images.*status of 422|status of 422.*\/images/;
  expect(studio.complaints.filter((line) => !refused.test(line))).toEqual([]);
});
