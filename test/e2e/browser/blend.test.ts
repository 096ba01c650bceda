import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import { A1111Server } from '../../helpers/a1111-server.ts';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { patience } from '../../helpers/browser-patience.ts';
import { chatChunk, modelServer, startStream } from '../../helpers/model-server.ts';

const A = 'a red robot on a road, oil painting';
const B = 'a deer in a misty forest, watercolor';

let studio: StudioUnderTest;
beforeAll(async () => {
  studio = await launchStudio();
  await studio.page.getByRole('button', { name: 'Blend', exact: true }).click();
  await words('A').waitFor();
});
afterAll(() => studio.close());

const words = (of: string): Locator =>
  studio.page.getByRole('textbox', { name: of === 'blend' ? 'Words of the blend' : `Words of ${of}` });
const act = (name: string): Locator => studio.page.getByRole('main').getByRole('button', { name, exact: true });

/** Found by the page through the core alone: the page itself reaches nothing else. */
async function serve(listener: RequestListener): Promise<{ origin: string; close: () => void }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** As the settings do; the page hears of it when it is loaded again. */
async function connect(json: Readonly<Record<string, unknown>>): Promise<void> {
  const body = JSON.stringify({ json });
  const headers = { 'content-type': 'application/json' };
  await studio.page.evaluate((init) => fetch('rpc/connections/add', { method: 'POST', ...init }).then(() => undefined), {
    headers,
    body,
  });
  await studio.page.reload();
  await expect.poll(() => words('A').inputValue(), patience).not.toBe('');
}

describe('two texts', () => {
  it('become one by key, both ways, with the origin of every word and what was checked', async () => {
    const { page } = studio;
    expect(await act('Blend').isEnabled()).toBe(false);
    await words('A').fill(A);
    await words('B').fill(B);
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => words('blend').inputValue(), patience).toBe('a red robot in a misty forest, watercolor');
    await expect.poll(() => page.locator('.from-imageA').allInnerTexts(), patience).toContain('robot');
    await page.getByText('A’s object is in B’s scene, nothing is said twice, and it fits.').waitFor();
    await page.getByText('Written by: Built-in rules').waitFor();
    await page.keyboard.press('Alt+t');
    await expect.poll(() => words('blend').inputValue(), patience).toContain('deer on a road');
    await page.keyboard.press('Alt+t');
  });

  it('are changed by hand, checked again, laid beside a new one, and taken back', async () => {
    const { page } = studio;
    await words('blend').fill('a red robot on a road');
    await page.getByText('Nothing of B’s scene is named.').waitFor();
    await act('Write this one again').click();
    const proposed = page.getByRole('region', { name: 'A new text for this blend' });
    await proposed.getByTestId('token-diff').waitFor();
    await proposed.getByRole('button', { name: 'Accept' }).click();
    await expect.poll(() => words('blend').inputValue(), patience).toContain('misty forest');
    await act('Undo').click();
    await expect.poll(() => words('blend').inputValue(), patience).toBe('a red robot on a road');
    await act('Redo').click();
    await expect.poll(() => words('blend').inputValue(), patience).toContain('misty forest');
  });

  it('keep a locked word when one of them is written again, and the other as it stands', async () => {
    const { page } = studio;
    await page.keyboard.press('Alt+t');
    await words('blend').fill('a deer asleep on a road');
    await page.keyboard.press('Alt+t');
    await words('blend').fill('a golden red robot on a road');
    await expect.poll(() => page.locator('.from-hand').allInnerTexts(), patience).toContain('golden');
    await words('blend').press('Home');
    for (const key of Array.from('a gol', () => 'ArrowRight')) await page.keyboard.press(key);
    await act('Lock').click();
    await expect.poll(() => page.locator('.locked').allInnerTexts(), patience).toEqual(['golden']);
    await act('Write this one again').click();
    const proposed = page.getByRole('region', { name: 'A new text for this blend' });
    await proposed.getByRole('button', { name: 'Accept' }).click();
    await expect.poll(() => words('blend').inputValue(), patience).toBe('a golden red robot in a misty forest, watercolor');
    await page.keyboard.press('Alt+t');
    await expect.poll(() => words('blend').inputValue(), patience).toBe('a deer asleep on a road');
    expect(await proposed.count()).toBe(0);
    await page.keyboard.press('Alt+t');
  });

  it('are drawn both and laid beside A and B', async () => {
    await act('Draw both').click();
    await studio.page.getByText(/^Like A −?\d/).waitFor();
    await studio.page.getByText(/^Like B −?\d/).waitFor();
  });

  it('are drawn by a tool, after a yes', async () => {
    const { page } = studio;
    const tool = new A1111Server();
    const server = await serve(tool.listener);
    try {
      await connect({ id: 'paints', kind: 'a1111', address: server.origin, model: 'dream' });
      const place = page.getByRole('combobox', { name: 'Draw with' });
      await place.selectOption('paints');
      await act('I agree').click();
      const texts = [await words('blend').inputValue()];
      await page.keyboard.press('Alt+t');
      texts.push(await words('blend').inputValue());
      await page.keyboard.press('Alt+t');
      await act('Draw both').click();
      await expect.poll(() => tool.asked('txt2img').length, patience).toBe(2);
      expect([tool.sent(0)['prompt'], tool.sent(1)['prompt']]).toEqual(texts);
      await act('Draw both').waitFor();
      await place.selectOption('');
    } finally {
      server.close();
    }
  });
});

describe('pictures', () => {
  it('are chosen, read, and mixed place by place', async () => {
    const { page } = studio;
    for (const [of, at] of [
      ['A', 0],
      ['B', 1],
    ] as const) {
      const card = page.getByRole('region', { name: new RegExp(`^${of}, `) });
      await card.getByRole('button', { name: 'Choose…' }).click();
      const panel = page.getByRole('dialog', { name: `A picture or text for ${of}` });
      await panel
        .getByRole('button')
        .nth(at + 1)
        .click();
      await card.getByRole('img').waitFor();
    }
    await page.keyboard.press('Control+Enter');
    await page.getByRole('region', { name: 'A new text for this blend' }).getByRole('button', { name: 'Accept' }).click();
    const written = await words('blend').inputValue();
    await page.getByRole('combobox', { name: 'Writer' }).selectOption('place');
    const share = page.getByRole('slider', { name: 'Share of B in percent' });
    await share.focus();
    await page.keyboard.press('End');
    await expect.poll(async () => (await words('blend').inputValue()) === (await words('B').inputValue()), patience).toBe(true);
    await page.getByRole('list', { name: 'What each place says' }).getByRole('button').first().click();
    await page.getByText('1 place chosen by hand').waitFor();
    const before = page.getByRole('region', { name: 'What was written before' });
    await before.getByText(written, { exact: true }).waitFor();
    await before.getByText('Written by: Built-in rules').waitFor();
    await act('Use this one').click();
    await expect.poll(() => words('blend').inputValue(), patience).toBe(written);
    await before.waitFor({ state: 'detached' });
  });

  it('are mixed by what the reader held likely, and drawn between what both mean, beside A and B', async () => {
    const { page } = studio;
    const writer = page.getByRole('region', { name: 'Who writes' });
    const share = writer.getByRole('slider', { name: 'Share of B in percent' });
    await writer.getByRole('radio', { name: 'Likelihoods' }).check({ force: true });
    for (const [key, of] of [
      ['Home', 'A'],
      ['End', 'B'],
    ] as const) {
      await share.press(key);
      await expect.poll(async () => (await words('blend').inputValue()) === (await words(of).inputValue()), patience).toBe(true);
    }
    const likeliest = await words('blend').inputValue();
    await writer.getByRole('radio', { name: 'Meanings' }).check({ force: true });
    await act('Draw the mix').click();
    await writer.getByRole('img', { name: '50% of B' }).waitFor();
    await writer.getByText(/^Like A −?\d/).waitFor();
    await writer.getByText(/^Like B −?\d/).waitFor();
    // Between meanings there is no text.
    expect(await words('blend').inputValue()).toBe(likeliest);
    await page.getByRole('combobox', { name: 'Writer' }).selectOption('builtin');
  });

  it('of three become one text each, which says whose object, scene and style it has, and are drawn', async () => {
    const { page } = studio;
    await page.getByRole('radio', { name: 'Many' }).check({ force: true });
    const chosen = page.getByRole('region', { name: 'What is blended' });
    await chosen.getByRole('button', { name: 'Choose…' }).click();
    const scenes = page.getByRole('dialog', { name: 'Add pictures' }).getByRole('list').first().getByRole('button');
    for (const at of [0, 1, 2]) await scenes.nth(at).click();
    await expect.poll(() => chosen.getByRole('listitem').count(), patience).toBe(3);
    await page.keyboard.press('Escape');
    const [first, second, third] = await chosen.locator('.title').allInnerTexts();
    await act('Blend all into one').click();
    const blends = page.getByRole('region', { name: 'All in one' });
    for (const [object, scene, style] of [
      [first, second, third],
      [second, third, first],
      [third, first, second],
    ])
      await blends.getByText(`Object: ${object}. Scene: ${scene}. Style: ${style}.`).waitFor();
    await act('Draw all').click();
    await expect.poll(() => blends.getByRole('img').count(), patience).toBe(3);
    await page.getByRole('radio', { name: 'Two' }).check({ force: true });
  });
});

describe('a language model', () => {
  it('is asked after a yes alone; a core that dies in mid-stream loses nothing', async () => {
    const { page } = studio;
    const { listener, heard } = modelServer((response) => {
      startStream(response);
      response.write(chatChunk({ content: '{"aPlusB":"A red robot wades' }));
    });
    const server = await serve(listener);
    try {
      await connect({
        id: 'mine',
        kind: 'openai-compatible',
        address: `${server.origin}/v1`,
        model: 'small',
        patienceSeconds: 60,
      });
      await words('A').fill(A);
      await words('B').fill(B);
      await page.getByRole('combobox', { name: 'Writer' }).selectOption('mine');
      await page.getByRole('textbox', { name: 'What you ask the writer for besides' }).fill('wading in mist');
      const language = page.getByRole('textbox', { name: 'Language of the texts' });
      await language.fill('German');
      await language.press('Tab');
      await page.getByText(/No picture does/).waitFor();
      expect(heard).toEqual([]);
      await act('Agree and blend').click();
      await expect.poll(() => page.getByTestId('blend-stream').innerText(), patience).toBe('A red robot wades');
      expect(JSON.stringify(heard[0]?.body['messages'])).toMatch(/in German\b/);
      await studio.killCore();
      await page.getByText('Written until it was broken off').waitFor();
      await page.getByText('A red robot wades').first().waitFor();
      await page.reload({ waitUntil: 'commit' }).catch(() => undefined);
      await studio.restartCore();
      // What could not be loaded may still be on its way, and then nothing is loaded again.
      const reload = () =>
        page.reload().then(
          () => true,
          () => false,
        );
      await expect.poll(reload, patience).toBe(true);
      await page.getByText('A red robot wades').first().waitFor();
      await expect.poll(() => words('A').inputValue(), patience).toBe(A);
      expect(await page.getByRole('textbox', { name: 'What you ask the writer for besides' }).inputValue()).toBe(
        'wading in mist',
      );
      await act('Use what was written').click();
      await expect.poll(() => words('blend').inputValue(), patience).toBe('A red robot wades');
    } finally {
      server.close();
    }
  });

  it('leaves the blend to be opened in the Studio', async () => {
    await act('Open in the Studio').click();
    await expect
      .poll(async () => (await studio.page.getByRole('textbox', { name: 'Words of the picture' }).innerText()).trim(), patience)
      .toBe('A red robot wades');
  });
});
