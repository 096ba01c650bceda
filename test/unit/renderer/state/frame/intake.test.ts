import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AddedFile } from '../../../../../contract/desktop.ts';
import { readPictureAddress } from '../../../../../renderer/state/frame/read-picture-address.ts';
import type { Page } from '../../../../../renderer/state/page.svelte.ts';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

const file = (name: string, type: string, content: BlobPart = 'x') => new File([content], name, { type });
const messages = (page: Page) => page.notices.list.map(({ body }) => body.message);

describe('files', () => {
  it('opens the first of several pictures, keeps all, and names every file that failed', async () => {
    const page = await bench.startPage();
    const names = ['one.png', 'broken.png', 'two.png', 'broken 2.png', 'broken 3.png', 'broken 4.png', 'broken 5.png'];
    const files: File[] = [];
    for (const name of names) files.push(file(name, 'image/png', name.startsWith('broken') ? 'x' : await bench.makeScene()));
    void page.intake.receiveFiles(files);
    await bench.until(() => expect(page.work.picture?.title).toBe('one'));
    expect(messages(page)).toEqual([
      expect.stringMatching(/^broken\.png: /),
      expect.stringMatching(/^broken 2\.png: /),
      '3 more files could not be added.',
      '2 pictures are in the library.',
    ]);
    page.notices.list.at(-1)?.remedy?.run();
    expect(page.place.current).toBe('library');
  });

  it('names the one file that could not be opened, and offers another', async () => {
    const page = await bench.startPage();
    await page.intake.receiveFiles([file('broken.png', 'image/png')]);
    expect(page.reading.error?.message).toMatch(/^broken\.png: /);
    expect(page.remedyFor({ code: page.reading.error?.code ?? 'internal' })?.label).toBe('Choose another picture');
  });

  it('proposes a text file and takes it only after a yes; one undo goes back', async () => {
    const page = await bench.startPage();
    page.editing.type('my own words');
    await page.intake.receiveFiles([file('notes.txt', 'text/plain', 'a red fox\n')]);
    expect(page.work.text).toBe('my own words');
    expect(page.proposals.current).toMatchObject({ type: 'text', from: 'notes.txt', text: 'a red fox' });
    await page.proposals.accept();
    expect(page.work.text).toBe('a red fox');
    expect(page.proposals.current).toBeNull();
    page.work.undo();
    expect(page.work.text).toBe('my own words');
  });

  it('says what to do with an empty text, a text that is too large, and a folder in a browser', async () => {
    const page = await bench.startPage();
    await page.intake.receiveFiles([file('empty.txt', 'text/plain', ' ')]);
    await page.intake.receiveFiles([file('large.txt', 'text/plain', 'a'.repeat(2_000_001))]);
    await page.intake.receiveFiles([file('photos', '')], ['photos']);
    expect(messages(page)).toEqual([
      'empty.txt is empty.',
      'large.txt is too large to be a prompt.',
      'A browser does not hand over folders here.',
    ]);
    expect(page.proposals.current).toBeNull();
    expect(page.work.picture).toBeNull();
  });

  it('opens what the desktop program has added already', async () => {
    const page = await bench.startPage();
    const added: AddedFile[] = [{ name: 'pig.png', item: await bench.addScene('Pig'), error: null }];
    void page.intake.receiveAdded(added);
    await bench.until(() => expect(page.work.picture?.title).toBe('Pig'));
  });
});

describe('links', () => {
  it('propose a text and never take it, and show an item', async () => {
    const page = await bench.startPage();
    await page.intake.receiveLink({ type: 'prompt', text: 'a castle' });
    expect(page.work.text).toBe('');
    expect(page.proposals.current).toMatchObject({ from: 'a link', text: 'a castle' });
    page.proposals.decline();
    expect(page.proposals.current).toBeNull();
    void page.intake.receiveLink({ type: 'item', itemId: (await bench.addScene('Pig')).id });
    await bench.until(() => expect(page.work.picture?.title).toBe('Pig'));
  });
});

describe('addresses', () => {
  it('are asked only after a yes, and only where they are clearly pictures over https', async () => {
    const page = await bench.startPage();
    page.intake.receiveAddress('https://example.com/page');
    page.intake.receiveAddress('http://example.com/a.png');
    expect(messages(page)).toHaveLength(2);
    expect(page.proposals.current).toBeNull();
    page.intake.receiveAddress('# comment\r\nhttps://example.com/a.PNG?x=1');
    expect(page.proposals.current).toMatchObject({ type: 'address', host: 'example.com' });
    expect(page.work.picture).toBeNull();
    page.proposals.decline();
    // A yes asks the core, which asks no machine of one's own network.
    page.intake.receiveAddress('https://127.0.0.1/a.png');
    expect(page.reading.error).toBeNull();
    await page.proposals.accept();
    expect(page.reading.error).toMatchObject({ code: 'address-refused', details: { host: '127.0.0.1' } });
  });

  it.each(['', 'file:///a.png', 'a fox', 'javascript:alert(1)//.png', 'https://'])('%s is no picture address', (text) => {
    expect(readPictureAddress(text).type).toBe('refused');
  });
});
