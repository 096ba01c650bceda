import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
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

  it('are drawn both and laid beside A and B', async () => {
    await act('Draw both').click();
    await studio.page.getByText(/^Like A −?\d/).waitFor();
    await studio.page.getByText(/^Like B −?\d/).waitFor();
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
    await page.getByRole('combobox', { name: 'Writer' }).selectOption('place');
    const share = page.getByRole('slider', { name: 'Share of B in percent' });
    await share.focus();
    await page.keyboard.press('End');
    await expect.poll(async () => (await words('blend').inputValue()) === (await words('B').inputValue()), patience).toBe(true);
    await page.getByRole('list', { name: 'What each place says' }).getByRole('button').first().click();
    await page.getByText('1 place chosen by hand').waitFor();
    await page.getByRole('combobox', { name: 'Writer' }).selectOption('builtin');
  });
});

describe('a language model', () => {
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

  it('is asked after a yes alone; a core that dies in mid-stream loses nothing', async () => {
    const { page } = studio;
    const { listener, heard } = modelServer((response) => {
      startStream(response);
      response.write(chatChunk({ content: '{"aPlusB":"A red robot wades' }));
    });
    const server = await serve(listener);
    try {
      await page.evaluate(async (address) => {
        const json = { id: 'mine', kind: 'openai-compatible', address: `${address}/v1`, model: 'small' };
        const asked = { ...json, secret: null, answerTokens: 500, contextTokens: null, patienceSeconds: 60, price: null };
        await fetch('rpc/connections/add', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ json: asked }),
        });
      }, server.origin);
      await page.reload();
      await expect.poll(() => words('A').inputValue(), patience).not.toBe('');
      await words('A').fill(A);
      await words('B').fill(B);
      await page.getByRole('combobox', { name: 'Writer' }).selectOption('mine');
      await page.getByRole('textbox', { name: 'What you ask the writer for besides' }).fill('wading in mist');
      await page.getByText(/No picture does/).waitFor();
      expect(heard).toEqual([]);
      await act('Agree and blend').click();
      await expect.poll(() => page.getByTestId('blend-stream').innerText(), patience).toBe('A red robot wades');
      await studio.killCore();
      await page.getByText('Written until it was broken off').waitFor();
      await page.getByText('A red robot wades').first().waitFor();
      await page.reload({ waitUntil: 'commit' }).catch(() => undefined);
      await studio.restartCore();
      await page.reload();
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
