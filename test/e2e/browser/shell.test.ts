import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { patience } from '../../helpers/browser-patience.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';

const embeddedPack = fileURLToPath(new URL('../../../models/packs/tiny-scenes', import.meta.url));

let studio: StudioUnderTest;
let on: StudioPage;

beforeAll(async () => {
  studio = await launchStudio();
  on = new StudioPage(studio.page);
  await on.samples.first().waitFor();
});
afterAll(() => studio.close());

const heading = (name: string) => studio.page.getByRole('heading', { name, level: 1 });
const palette = () => studio.page.getByRole('dialog', { name: 'Command palette' });

/** Opens the palette, types, waits until the first line fits, and takes it. Keys only. */
async function take(typed: string, line: RegExp): Promise<void> {
  const { page } = studio;
  await page.keyboard.press('Control+k');
  await palette().locator('input:focus').waitFor();
  await page.keyboard.type(typed);
  await palette().getByRole('option', { selected: true, name: line }).waitFor();
  await page.keyboard.press('Enter');
  await palette().waitFor({ state: 'detached' });
}

it('is the page that people use, whoever built it', async () => {
  const scripts = await studio.page.evaluate(async () => {
    const links = document.querySelectorAll<HTMLLinkElement | HTMLScriptElement>('script[src], link[rel=modulepreload]');
    const addresses = [...links].map((link) => (link instanceof HTMLScriptElement ? link.src : link.href));
    return Promise.all(addresses.map(async (address) => (await fetch(address)).text()));
  });
  expect(scripts.length).toBeGreaterThan(1);
  // What Svelte compiles for its developers says where everything stands in the sources.
  expect(scripts.filter((script) => script.includes('__svelte_meta'))).toEqual([]);
});

describe('the command palette', () => {
  it('opens a scene, with the keyboard alone', async () => {
    const title = (await on.samples.first().innerText()).trim();
    await take(title, new RegExp(title));
    await on.tokens.first().waitFor();
    await on.waitForResults(1);
  });

  it('goes to a place, which a reload finds again, and marks it in the rail', async () => {
    await take('go models', /Go to Models/);
    await heading('Models').waitFor();
    const button = studio.page.getByRole('button', { name: 'Models', exact: true });
    expect(await button.getAttribute('aria-current')).toBe('page');
    await studio.page.reload();
    await heading('Models').waitFor();
  });

  it('brings recent work back to the Studio', async () => {
    await studio.page.keyboard.press('Control+k');
    const work = palette().getByRole('group', { name: 'Recent work' }).getByRole('option').first();
    await work.waitFor();
    const title = (await work.innerText()).split('\n')[0] ?? '';
    expect(title).not.toBe('');
    await studio.page.keyboard.press('Enter');
    await palette().waitFor({ state: 'detached' });
    await on.words.waitFor();
    await on.tokens.first().waitFor();
  });

  it('moves by arrows and says why a command cannot run', async () => {
    const { page } = studio;
    await page.keyboard.press('Control+k');
    await palette().locator('input:focus').waitFor();
    const first = await palette().getByRole('option', { selected: true }).innerText();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => palette().getByRole('option', { selected: true }).innerText(), patience).not.toBe(first);
    await page.keyboard.type('redo');
    await palette().getByText('There is nothing to do again.').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('qqzzxx');
    await palette().getByText('Nothing is called that here.').waitFor();
    await page.keyboard.press('Escape');
  });
});

describe('Help', () => {
  it('shows the manual, whose pages have pictures and lead to one another', async () => {
    const { page } = studio;
    await page.keyboard.press('F1');
    const article = page.getByRole('article');
    await article.getByRole('heading', { name: 'Your first picture', level: 2 }).waitFor();
    const picture = article.getByRole('img');
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth), patience).toBeGreaterThan(600);
    await article.getByRole('button', { name: 'Models for photographs' }).first().click();
    await article.getByRole('heading', { name: 'Models for photographs', level: 2 }).waitFor();
    await page.getByRole('button', { name: 'Studio', exact: true }).click();
  });
});

describe('settings', () => {
  const row = (name: string) => studio.page.getByRole('listitem').filter({ hasText: name });

  it('give a command other keys, which work at once and after a reload', async () => {
    const { page } = studio;
    await take('settings', /Go to Settings/);
    await page.getByRole('button', { name: /^Keys of Go to Models/ }).click();
    await page.keyboard.press('Alt+KeyP');
    await row('Go to Models').getByText('Alt P').waitFor();
    await page.getByRole('button', { name: 'Studio', exact: true }).click();
    await page.keyboard.press('Alt+KeyP');
    await heading('Models').waitFor();
    await page.getByRole('button', { name: 'Studio', exact: true }).click();
    await on.words.waitFor();
    await page.reload();
    await on.words.waitFor();
    await page.keyboard.press('Alt+KeyP');
    await heading('Models').waitFor();
  });

  it('say whose keys are taken, refuse keys that are needed, and go back to the first ones', async () => {
    const { page } = studio;
    await take('settings', /Go to Settings/);
    await page.getByRole('button', { name: /^Keys of Go to Models/ }).click();
    await page.keyboard.press('Control+e');
    await row('Go to Models')
      .getByText(/belongs to “Read the picture again”/)
      .waitFor();
    await page.getByRole('button', { name: 'Leave it' }).click();
    await page.getByRole('button', { name: /^Keys of Go to Models/ }).click();
    await page.keyboard.press('Control+k');
    await row('Go to Models')
      .getByText(/always needs keys/)
      .waitFor();
    expect(await palette().count()).toBe(0);
    await page.getByRole('button', { name: 'All keys back to their own' }).click();
    await row('Go to Models').getByText('no key').waitFor();
  });

  it('show the licences of others that are part of the studio', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    const licences = page.getByRole('region', { name: 'Licences of others' });
    await licences.getByText('Permission is hereby granted, free of charge').waitFor();
    const text = await licences.innerText();
    for (const part of [
      'svelte 5.',
      'onnxruntime-node 1.',
      '@img/sharp-libvips-',
      'Inter Project',
      'WordNet',
      'Noto Color Emoji',
    ]) {
      expect(text).toContain(part);
    }
    await page.getByRole('button', { name: 'Hide', exact: true }).click();
    expect(await licences.count()).toBe(0);
  });

  it('keep look and core settings over a reload', async () => {
    const { page } = studio;
    await page.getByRole('radio', { name: 'Light', exact: true }).check({ force: true });
    await page.getByRole('radio', { name: 'High', exact: true }).check({ force: true });
    await page.getByRole('radio', { name: 'A limit of my own' }).check({ force: true });
    await page.getByRole('spinbutton', { name: 'Most memory for models, in MB' }).fill('640');
    await page.getByRole('spinbutton', { name: 'Minutes without work' }).fill('7');
    await page.keyboard.press('Tab');
    await page
      .getByText(/of 671 MB/)
      .first()
      .waitFor();
    await page.reload();
    await heading('Settings').waitFor();
    const field = page.getByRole('spinbutton', { name: 'Most memory for models, in MB' });
    await expect.poll(() => field.inputValue(), patience).toBe('640');
    expect(await page.getByRole('spinbutton', { name: 'Minutes without work' }).inputValue()).toBe('7');
    const root = page.locator('html');
    expect([await root.getAttribute('data-theme'), await root.getAttribute('data-contrast')]).toEqual(['light', 'more']);
    await page.getByRole('radio', { name: 'As the system' }).first().check({ force: true });
    await page.getByRole('radio', { name: /^Half of this machine/ }).check({ force: true });
    await field.waitFor({ state: 'detached' });
  });

  it('try the devices again, and run on the one that is chosen', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Try the devices again' }).click();
    const devices = page.getByRole('radiogroup', { name: 'Run models on' });
    await devices.getByRole('radio', { name: /^CPU/ }).waitFor();
    await page.getByRole('button', { name: 'Try the devices again' }).waitFor();
    await devices.getByRole('radio', { name: /^CPU/ }).check();
    await devices.getByText('in use').waitFor();
    // Whatever this machine lacks is named with its reason and cannot be chosen.
    const refused = devices.locator('label').filter({ hasText: 'Not here' });
    for (const line of await refused.all()) expect(await line.getByRole('radio').isDisabled()).toBe(true);
    await devices.getByRole('radio', { name: /^Choose for me/ }).check();
  });
});

describe('packs', () => {
  it('are whole when every file is as it was made', async () => {
    const { page } = studio;
    await take('models', /Go to Models/);
    await page.getByRole('button', { name: 'Check every file' }).click();
    await page.getByText(/Every file is as it was made/).waitFor();
    await page.getByRole('article').getByText('Licence', { exact: true }).waitFor();
  });

  it('are found in the folder for own packs, checked, and used', async () => {
    const { page } = studio;
    const section = page.getByRole('region', { name: 'Add a model' });
    const folder = (await section.locator('.path').innerText()).trim();
    const own = join(folder, 'own-scenes');
    await cp(embeddedPack, own, { recursive: true });
    const manifest = await readFile(join(own, 'pack.json'), 'utf8');
    const renamed = manifest
      .replace('"id": "tiny-scenes"', '"id": "own-scenes"')
      .replace('"name": "Tiny Scenes"', '"name": "Own Scenes"');
    await writeFile(join(own, 'pack.json'), renamed);
    await writeFile(join(own, 'LICENSE'), 'not the licence');
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByRole('button', { name: /^Own Scenes/ }).click();
    await page.getByRole('heading', { name: /^Own Scenes/, level: 2 }).waitFor();
    await page.getByRole('button', { name: 'Check every file' }).click();
    await page.getByText('One file is not as made.').waitFor();
    const bad = page.getByRole('list', { name: 'Files that are not right' }).getByRole('listitem');
    expect(await bad.innerText()).toContain('LICENSE has another size');
    await cp(join(embeddedPack, 'LICENSE'), join(own, 'LICENSE'));
    await page.getByRole('button', { name: 'Check again' }).click();
    await page.getByText(/Every file is as it was made/).waitFor();
    await page.getByRole('button', { name: 'Use this model' }).click();
    await page.getByRole('article').getByText('In use').waitFor();
    await page.getByRole('button', { name: /^Tiny Scenes/ }).click();
    await page.getByRole('button', { name: 'Use this model' }).click();
    await page.getByRole('article').getByText('In use').waitFor();
    expect(studio.complaints).toEqual([]);
  });
});
