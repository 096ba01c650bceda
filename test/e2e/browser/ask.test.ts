import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { patience } from '../../helpers/browser-patience.ts';
import { chatChunk, modelServer, startStream, writeChat } from '../../helpers/model-server.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';

let studio: StudioUnderTest;
let on: StudioPage;
beforeAll(async () => {
  studio = await launchStudio();
  on = new StudioPage(studio.page);
  await on.openSample();
  await on.waitForResults(1);
});
afterAll(() => studio.close());

describe('the picture that is asked', () => {
  it('answers from its words by key, and shows which of them in text and picture', async () => {
    const { page } = studio;
    await page.keyboard.press('Control+Shift+A');
    const dock = page.getByRole('dialog', { name: 'Ask the picture' });
    await dock.getByRole('textbox', { name: /^A question/ }).fill('What is it?');
    await page.keyboard.press('Enter');
    const answer = dock.getByRole('region', { name: 'Answer' });
    await answer.waitFor();
    expect(await answer.getByRole('status').first().innerText()).toContain('pig');
    // What the words looked at is laid over the picture.
    await page.locator('.original canvas').first().waitFor();
    await expect.poll(() => page.locator('.token .pointed, .pointed').count(), patience).toBeGreaterThan(0);
    await dock.getByText('by rules and not by a language model', { exact: false }).waitFor();
  });

  it('says what it cannot tell', async () => {
    const dock = studio.page.getByRole('dialog', { name: 'Ask the picture' });
    await dock.getByRole('textbox', { name: /^A question/ }).fill('Is there a submarine?');
    await dock.getByRole('button', { name: 'Ask', exact: true }).click();
    await dock.getByText('This cannot be told from the text.').waitFor();
  });

  it('gives tags, which become words with one act and go again with one', async () => {
    const dock = studio.page.getByRole('dialog', { name: 'Ask the picture' });
    const before = await on.text();
    await dock.getByRole('button', { name: 'Tags' }).click();
    await dock.getByRole('button', { name: 'Add to the words' }).click();
    await expect.poll(() => on.text(), patience).toContain(`${before} `);
    await studio.page.getByRole('button', { name: /^Undo/ }).click();
    await expect.poll(() => on.text(), patience).toBe(before);
  });
});

describe('words to look at', () => {
  it('are named beside plain ones, and replaced by one press', async () => {
    const { page } = studio;
    await on.toEnd();
    await page.keyboard.type(' beyonce');
    await on.tool(/^Polish/).click();
    const dock = page.getByRole('dialog', { name: 'Polish the words' });
    const before = await on.text();
    await dock.getByRole('button', { name: /^Replace “beyonce”/ }).click();
    await expect.poll(() => on.text(), patience).not.toContain('beyonce');
    await page.getByRole('button', { name: /^Undo/ }).click();
    await expect.poll(() => on.text(), patience).toBe(before);
  });

  it('are marked among the words, and replaced from there as well', async () => {
    const { page } = studio;
    const marked = page.getByTestId('words').locator('.hinted');
    // A mark for each token of the word.
    await expect.poll(async () => (await marked.allInnerTexts()).join(''), patience).toBe('beyonce');
    const before = await on.text();
    await on.toEnd();
    const bar = page.getByRole('region', { name: 'Words', exact: true });
    await bar.getByText('a person’s name', { exact: false }).waitFor();
    await bar.getByRole('button', { name: /^Replace “beyonce”/ }).click();
    await expect.poll(() => on.text(), patience).toContain('singer');
    await expect.poll(() => marked.count(), patience).toBe(0);
    await page.getByRole('button', { name: /^Undo/ }).click();
    await expect.poll(() => on.text(), patience).toBe(before);
  });

  it('are replaced all at once, as a difference to be accepted', async () => {
    const { page } = studio;
    const dock = page.getByRole('dialog', { name: 'Polish the words' });
    const before = await on.text();
    expect(before).toContain('beyonce');
    await dock.getByRole('button', { name: 'Plain words for names' }).click();
    await dock.getByTestId('token-diff').waitFor();
    expect(await on.text()).toBe(before);
    await dock.getByRole('button', { name: 'Accept' }).click();
    await expect.poll(() => on.text(), patience).not.toContain('beyonce');
    await page.getByRole('button', { name: /^Undo/ }).click();
    await expect.poll(() => on.text(), patience).toBe(before);
  });

  it('and the text are made shorter, as a difference to be accepted', async () => {
    const dock = studio.page.getByRole('dialog', { name: 'Polish the words' });
    const before = await on.text();
    await dock.getByRole('spinbutton', { name: 'Most tokens' }).fill('6');
    await dock.getByRole('button', { name: 'Shorten to' }).click();
    await dock.getByTestId('token-diff').waitFor();
    expect(await on.text()).toBe(before);
    await dock.getByRole('button', { name: 'Accept' }).click();
    await expect.poll(async () => (await on.text()).split(/\s+/u).length, patience).toBeLessThanOrEqual(6);
  });
});

it('makes the page complain of nothing', () => {
  expect(studio.complaints).toEqual([]);
});

describe('a language model', () => {
  const texts = {
    'plain, correct sentences': 'A pig stands on a lawn.',
    'richer prompt': 'A pig stands on a lawn under soft morning light.',
    'Translate it': 'Ein Schwein steht auf einem Rasen.',
  };
  /** It begins to answer and never ends. */
  let isSlow = false;
  const { listener, heard } = modelServer((response, _, { body }) => {
    const question = JSON.stringify(body['messages']);
    const [, text] = Object.entries(texts).find(([rule]) => question.includes(rule)) ?? [];
    const answer = text === undefined ? { answer: 'pig', words: ['pig'] } : { text };
    if (!isSlow) {
      writeChat(response, JSON.stringify(answer));
      return;
    }
    startStream(response);
    response.write(chatChunk({ content: JSON.stringify(answer).slice(0, 12) }));
  });
  let server: Server;
  beforeAll(async () => {
    server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const polish = () => studio.page.getByRole('dialog', { name: 'Polish the words' });
  const writing = (name: string) => polish().getByRole('button', { name, exact: true });

  it('writes the words anew after a yes, each as a difference to be taken or left, and tells tokens and cost', async () => {
    const { page } = studio;
    await page.evaluate(
      async (port) => {
        const address = `http://127.0.0.1:${port}/v1`;
        const json = { id: 'mine', kind: 'openai-compatible', address, model: 'small', secret: null, answerTokens: 500 };
        const price = { input: 10_000, output: 50_000, limit: null };
        await fetch('rpc/connections/add', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ json: { ...json, contextTokens: null, patienceSeconds: 60, price } }),
        });
      },
      (server.address() as AddressInfo).port,
    );
    await page.reload();
    await on.tokens.first().waitFor();
    if (!(await polish().isVisible())) await on.tool(/^Polish/).click();
    await polish()
      .getByText(/No picture does/)
      .waitFor();
    expect(await writing('Fluent').count()).toBe(0);
    expect(heard).toEqual([]);
    await writing('Agree').click();
    const before = await on.text();

    const ways = [
      ['Fluent', 'A pig stands on a lawn.'],
      ['Expand', 'A pig stands on a lawn under soft morning light.'],
      ['Translate', 'Ein Schwein steht auf einem Rasen.'],
    ] as const;
    for (const [way, text] of ways) {
      if (way === 'Translate')
        await polish()
          .getByRole('textbox', { name: /language/i })
          .fill('German');
      await writing(way).click();
      await polish().getByTestId('token-diff').waitFor();
      expect(await on.text()).toBe(before);
      await writing('Accept').click();
      await expect.poll(() => on.text(), patience).toBe(text);
      await page.getByRole('button', { name: /^Undo/ }).click();
      await expect.poll(() => on.text(), patience).toBe(before);
    }
    expect(heard.map(({ body }) => /in (\w+)\. Answer with JSON/.exec(JSON.stringify(body))?.[1])).toEqual([
      'English',
      'English',
      'German',
    ]);
    // What the server counts is 90 and 12 an answer.
    await polish().getByText('270 tokens asked, 36 written in all').waitFor();
    await polish().getByText('That cost 4.50').waitFor();
    await writing('Fluent').click();
    await writing('Reject').click();
    expect(await on.text()).toBe(before);
  });

  it('answers a question, and tells there as well what it took', async () => {
    const { page } = studio;
    await page.keyboard.press('Control+Shift+A');
    const dock = page.getByRole('dialog', { name: 'Ask the picture' });
    await dock.getByRole('combobox', { name: 'Answered by' }).selectOption('mine');
    await dock.getByText('360 tokens asked, 48 written in all').waitFor();
    await dock.getByRole('textbox', { name: /^A question/ }).fill('What is it?');
    await dock.getByRole('button', { name: 'Ask', exact: true }).click();
    await dock.getByText('This is what mine says.', { exact: false }).waitFor();
    await dock.getByText('450 tokens asked, 60 written in all').waitFor();
    await dock.getByText('That cost 7.50').waitFor();
  });

  it('and a core that dies while it writes or answers lose no word', async () => {
    const { page } = studio;
    const before = await on.text();
    isSlow = true;
    const dock = page.getByRole('dialog', { name: 'Ask the picture' });
    await dock.getByRole('textbox', { name: /^A question/ }).fill('What stands there?');
    const { length: asked } = heard;
    await dock.getByRole('button', { name: 'Ask', exact: true }).click();
    await expect.poll(() => heard.length, patience).toBe(asked + 1);
    await studio.killCore();
    await dock.getByRole('alert').waitFor();
    // The question is there to be asked again, and the words are as they were.
    expect(await dock.getByRole('textbox', { name: /^A question/ }).inputValue()).toBe('What stands there?');
    expect(await on.text()).toBe(before);
    await studio.restartCore();
    await page.getByText('The studio’s core has stopped answering.').waitFor({ state: 'detached' });

    await on.tool(/^Polish/).click();
    await writing('Fluent').click();
    await expect.poll(() => heard.length, patience).toBe(asked + 2);
    await studio.killCore();
    await polish().getByRole('alert').waitFor();
    expect(await on.text()).toBe(before);
    await studio.restartCore();
    await page.getByText('The studio’s core has stopped answering.').waitFor({ state: 'detached' });
    isSlow = false;
    await writing('Fluent').click();
    await polish().getByTestId('token-diff').waitFor();
    await writing('Accept').click();
    await expect.poll(() => on.text(), patience).toBe('A pig stands on a lawn.');
    await page.getByRole('button', { name: /^Undo/ }).click();
    await expect.poll(() => on.text(), patience).toBe(before);
  });
});
