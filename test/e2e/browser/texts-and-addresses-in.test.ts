import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { dropOn } from '../../helpers/browser-drop.ts';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { patience } from '../../helpers/browser-patience.ts';
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

const dropFile = (name: string, type: string, content: string | Buffer) =>
  dropOn(studio.page, { files: [{ name, type, bytes: Buffer.from(content) }] });
const dropAddress = (address: string) => dropOn(studio.page, { texts: { 'text/uri-list': address, 'text/plain': address } });
const question = (name: string | RegExp) => studio.page.getByRole('region', { name });
const press = (name: string | RegExp) => studio.page.getByRole('button', { name }).click();

/** A document as the core makes one, with exact ids. */
const createDocument = (text: string) =>
  studio.page.evaluate(
    async (json) => {
      const answer = await fetch('/rpc/prompts/create', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ json }),
      });
      return ((await answer.json()) as { json: { slots: unknown[] } }).json;
    },
    { text },
  );

describe('texts', () => {
  it('a text file is proposed, taken after a yes and taken back by undo', async () => {
    const before = await on.text();
    await dropFile('notes.txt', 'text/plain', 'a red fox in the snow\n');
    const card = question('Use the text of notes.txt?');
    await card.waitFor();
    expect(await card.innerText()).toContain('a red fox in the snow');
    expect(await on.text()).toBe(before);
    await press('Use this text');
    await expect.poll(() => on.text(), patience).toBe('a red fox in the snow');
    await press(/^Undo/);
    await expect.poll(() => on.text(), patience).toBe(before);
  });

  it('a proposal can be refused with Esc', async () => {
    const before = await on.text();
    await dropFile('notes.md', 'text/markdown', 'a castle');
    await question(/notes\.md/).waitFor();
    await studio.page.getByRole('button', { name: 'Not now' }).focus();
    await studio.page.keyboard.press('Escape');
    await question(/notes\.md/).waitFor({ state: 'detached' });
    expect(await on.text()).toBe(before);
  });

  it('a prompt document keeps its tokens; a damaged one is an error and changes nothing', async () => {
    const document = await createDocument('a blue fox');
    await dropFile('fox.json', 'application/json', JSON.stringify(document));
    const card = question('Use the text of fox.json?');
    await card.waitFor();
    expect(await card.innerText()).toContain(`${document.slots.length} exact tokens`);
    await press('Use this text');
    await expect.poll(() => on.text(), patience).toBe('a blue fox');
    await dropFile('bad.json', 'application/json', '{"slots": 1}');
    await studio.page.getByText('The prompt file is JSON and not a prompt document.').waitFor();
    await press('Dismiss');
    expect(await on.text()).toBe('a blue fox');
  });
});

describe('notices', () => {
  it('leave Generate free, and are reached and put away by key', async () => {
    await on.words.click();
    await dropAddress('https://example.com/gallery');
    const failure = studio.page.getByRole('alert').filter({ hasText: 'so it was not asked' });
    const [told, generate] = await Promise.all([failure.boundingBox(), on.generate.boundingBox()]);
    expect(told !== null && generate !== null && told.x + told.width <= generate.x).toBe(true);
    await studio.page.keyboard.press('F8');
    await failure.locator('button:focus').waitFor();
    await studio.page.keyboard.press('Enter');
    await failure.waitFor({ state: 'detached' });
    expect(await on.words.evaluate((element) => element.matches(':focus'))).toBe(true);
  });
});

describe('addresses', () => {
  it('what is not clearly a picture is not asked', async () => {
    await dropAddress('https://example.com/gallery');
    await studio.page.getByText('This address is not clearly that of a picture, so it was not asked.').waitFor();
    await press('Dismiss');
    await dropAddress('http://example.com/a.png');
    await studio.page.getByText('Pictures are fetched over https only.').waitFor();
    await press('Dismiss');
  });

  it('the host is named before anything is asked, and one’s own network is refused', async () => {
    const before = await studio.page.title();
    await dropAddress('https://127.0.0.1/picture.png');
    const card = question('Fetch this picture from 127.0.0.1?');
    await card.waitFor();
    expect(await card.innerText()).toContain('https://127.0.0.1/picture.png');
    await press('Fetch the picture');
    await studio.page.getByText('127.0.0.1 is on this machine or your own network.').waitFor();
    expect(await studio.page.title()).toBe(before);
  });
});

it('several pictures: the first opens, the rest is in the library, a bad one is named', async () => {
  const picture = async (background: string) =>
    sharp({ create: { width: 64, height: 64, channels: 3, background } })
      .png()
      .toBuffer();
  await dropOn(studio.page, {
    files: [
      { name: 'green.png', type: 'image/png', bytes: await picture('#208040') },
      { name: 'broken.png', type: 'image/png', bytes: Buffer.from('nothing') },
      { name: 'blue.png', type: 'image/png', bytes: await picture('#204080') },
    ],
  });
  await expect.poll(() => studio.page.title(), patience).toContain('green');
  await studio.page.getByText('2 pictures are in the library.').waitFor();
  await studio.page.getByText(/^broken\.png: /).waitFor();
});
