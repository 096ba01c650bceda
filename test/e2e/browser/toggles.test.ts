import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { listMoved, listPlaces } from '../../helpers/browser-places.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';
import { makePictureFolder } from '../../helpers/make-picture-folder.ts';

let studio: StudioUnderTest;
beforeAll(async () => {
  studio = await launchStudio({ reducedMotion: 'reduce' });
});
afterAll(() => studio.close());

const go = (place: string): Promise<void> => studio.page.getByRole('button', { name: place, exact: true }).click();

/** What moved by an act; the act ends when what it changes is on screen. */
async function movedBy(act: () => Promise<void>): Promise<string[]> {
  const before = await listPlaces(studio.page);
  await act();
  return listMoved(before, await listPlaces(studio.page));
}

/** Chooses one of several by its name. */
const choose = (name: string | RegExp): Promise<void> => studio.page.getByRole('radio', { name }).check({ force: true });

/** Presses a button that stays down, and waits until it does. */
async function press(name: string): Promise<void> {
  const main = studio.page.getByRole('main');
  const button = main.getByRole('button', { name, exact: true });
  const isDown = (await button.getAttribute('aria-pressed')) === 'true';
  await button.click();
  await main.getByRole('button', { name, exact: true, pressed: !isDown }).waitFor();
}

describe('in the Library nothing moves', () => {
  const option = () => studio.page.getByRole('listbox', { name: 'Library items' }).getByRole('option');
  const details = () => studio.page.getByRole('complementary', { name: 'Details' });

  beforeAll(async () => {
    await new StudioPage(studio.page).openLibraryOfSample();
    await option().nth(1).waitFor();
  });

  it.each([
    ['stacks are shown', () => press('Stacks')],
    ['stacks are spread', () => press('Stacks')],
    ['pictures alone are shown', () => press('Pictures')],
    ['everything is shown', () => press('Pictures')],
    ['an item is chosen', () => option().first().click()],
    ['it is starred', () => details().getByRole('button', { name: 'Star', exact: true }).click()],
    ['the star is taken', () => details().getByRole('button', { name: 'Take the star' }).click()],
    [
      'a second one is chosen',
      () =>
        option()
          .nth(1)
          .click({ modifiers: ['Control'] }),
    ],
    ['one is chosen again', () => option().nth(1).click()],
  ])('when %s', async (_, act) => {
    expect(await movedBy(act)).toEqual([]);
  });
});

describe('in Batch nothing moves', () => {
  let folder = '';
  const draw = () => studio.page.getByRole('checkbox', { name: 'Draw each text and compare' });
  const row = () => studio.page.getByRole('grid').getByRole('row').filter({ hasText: 'Done' });

  beforeAll(async () => {
    folder = await makePictureFolder(4);
    await go('Batch');
    await studio.page.getByRole('button', { name: 'Choose a folder' }).waitFor();
  });
  afterAll(() => rm(dirname(folder), { recursive: true, force: true }));

  it.each([
    ['texts are to be drawn', () => draw().check()],
    ['they are not', () => draw().uncheck()],
    ['a length more is to be read', () => press('75 tokens')],
    ['a length less', () => press('75 tokens')],
  ])('before the first, when %s', async (_, act) => {
    expect(await movedBy(act)).toEqual([]);
  });

  it.each([
    ['texts are to be drawn', () => draw().check()],
    ['they are not', () => draw().uncheck()],
    ['those that are done are shown', () => choose(/^Done/)],
    ['all are shown', () => choose(/^All/)],
    ['a row is chosen', () => row().first().click()],
    [
      'two rows are chosen',
      () =>
        row()
          .nth(1)
          .click({ modifiers: ['Control'] }),
    ],
    ['one is chosen again', () => row().first().click()],
  ])('beside its rows, when %s', async (_, act) => {
    if ((await row().count()) === 0) {
      await studio.page.getByLabel('Folder for a batch').setInputFiles(folder);
      await studio.page.locator('[role=grid][aria-rowcount="6"]').waitFor();
      await row().nth(3).waitFor();
      await studio.page.getByText('Queue empty').waitFor();
      // The batch has ended on screen as well: nothing can be paused any more.
      await studio.page.getByRole('main').getByRole('button', { name: 'Pause' }).waitFor({ state: 'detached' });
    }
    expect(await movedBy(act)).toEqual([]);
  });
});

describe('in Settings nothing moves', () => {
  const limit = () => studio.page.getByRole('spinbutton', { name: 'Most memory for models, in MB' });
  const group = (name: string) => studio.page.getByRole('radiogroup', { name });

  /** Keeps an answer of the core back until what this gives is called. */
  async function hold(name: string): Promise<() => void> {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    // Not `times: 1`: once its last turn is taken, Playwright ends interception and lets the held request go itself.
    await studio.page.route(`**/rpc/${name}`, async (route) => {
      await held;
      await route.continue();
    });
    return release;
  }

  it('when a list and a sum come late', async () => {
    const [releaseTemplates, releaseStorage] = [await hold('templates/list'), await hold('studio/storage')];
    const others = ['settings/get', 'accessKeys/list', 'connections/list'];
    await Promise.all([...others.map((name) => studio.page.waitForResponse(`**/rpc/${name}`)), go('Settings')]);
    const edit = studio.page.getByRole('region', { name: 'Templates' }).getByRole('button', { name: /^Edit / });
    const sum = studio.page
      .getByRole('region', { name: 'Privacy' })
      .getByText(/^\d+ [kM]B$/)
      .first();
    expect(await sum.count()).toBe(0);
    const moved = await movedBy(async () => {
      releaseTemplates();
      await edit.first().waitFor();
    });
    expect(moved).toEqual([]);
    const movedBySum = await movedBy(async () => {
      releaseStorage();
      await sum.waitFor();
    });
    expect(movedBySum).toEqual([]);
  });

  it('when the devices have been tried', async () => {
    const moved = await movedBy(async () => {
      await studio.page.getByRole('button', { name: 'Try the devices again' }).click();
      await studio.page.getByText('DirectML is part of Windows only.').waitFor();
    });
    expect(moved).toEqual([]);
  });

  it.each([
    ['the page is light', 'Theme', () => choose('Light')],
    ['the page is dark', 'Theme', () => choose('Dark')],
    ['contrast is high', 'Contrast', () => choose('High')],
    [
      'contrast is the system’s',
      'Contrast',
      () => group('Contrast').getByRole('radio', { name: 'As the system' }).check({ force: true }),
    ],
    [
      'memory has a limit of its own',
      'Most memory for models',
      async () => {
        await choose('A limit of my own');
        await limit().waitFor();
      },
    ],
    [
      'memory has none',
      'Most memory for models',
      async () => {
        await choose(/^Half of this machine/);
        await limit().waitFor({ state: 'hidden' });
      },
    ],
  ])('when %s', async (_, where, act) => {
    await group(where).scrollIntoViewIfNeeded();
    expect(await movedBy(act)).toEqual([]);
  });
});

describe('in Models nothing moves', () => {
  const checked = () => studio.page.getByText(/Every file is as it was made/);

  beforeAll(async () => {
    await go('Models');
    await studio.page.getByRole('heading', { name: /^Tiny Scenes/ }).waitFor();
  });

  it.each([
    ['what can be brought is shown', () => choose('Available'), () => studio.page.getByRole('article').first().waitFor()],
    [
      'what is here is shown again',
      () => choose('Installed'),
      () => studio.page.getByRole('heading', { name: /^Tiny Scenes/ }).waitFor(),
    ],
    [
      'the files are checked',
      () => studio.page.getByRole('button', { name: 'Check every file' }).click(),
      () => checked().waitFor(),
    ],
  ])('when %s', async (_, act, shown) => {
    const moved = await movedBy(async () => {
      await act();
      await shown();
    });
    expect(moved).toEqual([]);
  });
});

it('complained about nothing on the way', () => {
  // One file of the folder is no picture, which the core says.
  expect(studio.complaints.filter((line) => !line.includes('status of 422'))).toEqual([]);
});
