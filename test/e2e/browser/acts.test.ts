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

/** What a person does once: a click, a choice, a key, or writing a text (in a field: pointing at it is part of it). */
class Acts {
  readonly #names: string[] = [];

  /** @param focus the name of what has the focus afterwards, where the promise is about that as well; otherwise anything but the body */
  async act(name: string, what: () => Promise<unknown>, focus: string | RegExp = /^(?!the body$)./): Promise<void> {
    await what();
    await expect.poll(focused, { ...patience, message: `the focus after ${name}` }).toMatch(focus);
    this.#names.push(`${name} → ${shorten(await focused())}`);
  }

  key(keys: string, focus?: string | RegExp): Promise<void> {
    return this.act(keys, () => studio.page.keyboard.press(keys), focus);
  }

  write(text: string, focus?: string | RegExp): Promise<void> {
    return this.act(`write "${text}"`, () => studio.page.keyboard.type(text), focus);
  }

  /** Prints the acts with the focus after each, and holds them to what was promised. */
  end(task: string, most: number): void {
    console.log(`${task}: ${this.#names.length} of ${most} acts\n  ${this.#names.join('\n  ')}`);
    expect(this.#names.length).toBeLessThanOrEqual(most);
  }
}

const shorten = (name: string): string => (name.length > 60 ? `${name.slice(0, 60)}…` : name);

/** The accessible name of what has the focus, also inside the editor's shadow root; `nothing` where it has none. */
function focused(): Promise<string> {
  return studio.page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    if (element === null || element === document.body) return 'the body';
    const labels = 'labels' in element ? [...(element.labels as NodeListOf<HTMLLabelElement>)] : [];
    const named = [element.getAttribute('aria-label'), ...labels.map((label) => label.textContent), element.textContent];
    return named.map((name) => name?.trim().replaceAll(/\s+/g, ' ') ?? '').find((name) => name !== '') ?? 'nothing';
  });
}

const words = 'Words of the picture';

it('nothing to a redrawn picture, and the focus is in the words', async () => {
  const acts = new Acts();
  await acts.act('click a scene', () => on.samples.first().click());
  await on.waitForResults(1);
  acts.end('Nothing to a redrawn picture', 1);
  await expect.poll(focused, patience).toBe(words);
});

it.each([5, 15, 75])('the object is another everywhere at %i tokens, and is drawn', async (length) => {
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
    studio.page.getByRole('region', { name: 'What this model draws of its kind' }).getByRole('button', { name: other }).click(),
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
  // The chosen picture itself has the focus, and goes from the canvas with the others.
  await acts.act('click the second', () => variants.nth(1).click());
  await expect.poll(() => variants.nth(1).getAttribute('aria-pressed'), patience).toBe('true');
  await acts.key('k');
  await expect.poll(() => on.results.count(), patience).toBe(known + 1);
  acts.end('Four variants, the best is kept', 4);
  await studio.page.getByRole('combobox', { name: 'Pictures to draw' }).selectOption('1');
});

it('the main job is done by keys alone, and every step has a name', async () => {
  const acts = new Acts();
  const palette = 'Find a command, a place, your work or a scene';
  await acts.key('Control+k', palette);
  await acts.write('clock', palette);
  await studio.page.getByRole('option', { selected: true, name: /Clock/ }).waitFor();
  await acts.key('Enter', words);
  await expect.poll(() => studio.page.getByLabel('Canvas').getByRole('heading').innerText(), patience).toMatch(/^Clock/);
  await on.waitForResults(1);
  await acts.key('Control+End', words);
  await acts.write(' red', words);
  await acts.key('Control+Enter', words);
  await on.waitForResults(2);
  await acts.key('F2', words);
  acts.end('The main job by keys', 8);
});

it('the text goes to Midjourney with 16:9 and a negative', async () => {
  const { page } = studio;
  const acts = new Acts();
  await acts.key('Control+Shift+C', 'Copy the prompt');
  const copying = page.getByRole('dialog', { name: 'Copy the prompt' });
  await acts.act('choose Midjourney', () => copying.getByText('Midjourney').click());
  await acts.act('write "16:9" under Aspect', () => copying.getByRole('textbox', { name: /^Aspect/ }).fill('16:9'), /^Aspect/);
  await acts.act(
    'write "blurred" under Negative',
    () => copying.getByRole('textbox', { name: 'Negative' }).fill('blurred'),
    'Negative',
  );
  const area = copying.getByRole('textbox', { name: /The prompt as this tool/ });
  await expect.poll(() => area.inputValue(), patience).toMatch(/--ar 16:9.*--no blurred|--no blurred.*--ar 16:9/);
  await acts.act('Copy', () => copying.getByRole('button', { name: 'Copy', exact: true }).click(), /^Cop/);
  await copying.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await area.inputValue());
  acts.end('Midjourney with 16:9 and a negative', 5);
  await copying.getByRole('textbox', { name: 'Negative' }).fill('');
  await page.keyboard.press('Escape');
});

it('a picture is found by a sentence, from anywhere', async () => {
  const { page } = studio;
  const sentence = 'something round that lies on the ground';
  const acts = new Acts();
  await acts.key('Control+k');
  await page.keyboard.type(sentence);
  await page.getByRole('option', { selected: true, name: `Pictures like “${sentence}”` }).waitFor();
  await acts.key('Enter', 'Library');
  const cells = page.getByRole('listbox', { name: 'Library items' }).getByRole('option');
  await cells.locator('.number').first().waitFor();
  expect(await page.getByRole('textbox', { name: 'Find by meaning' }).inputValue()).toBe(sentence);
  acts.end('A picture by a sentence, beside the sentence', 2);
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
  const table = await studio.saveFile(() => acts.act('save it', () => save.click()));
  expect(table.trim().split(/\r?\n/).length).toBeGreaterThanOrEqual(3);
  acts.end('A folder to a table', 4);
  await rm(dirname(folder), { recursive: true, force: true });
  await page.getByRole('button', { name: 'Studio', exact: true }).click();
});

it('complained about nothing on the way', () => {
  // The folder holds a file that is no picture, which the core refuses.
  const refused = /\/images.*status of 422|status of 422.*\/images/;
  expect(studio.complaints.filter((line) => !refused.test(line))).toEqual([]);
});
