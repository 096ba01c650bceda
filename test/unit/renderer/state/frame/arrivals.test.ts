import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AddedFile } from '../../../../../contract/desktop.ts';
import { readPictureAddress } from '../../../../../renderer/state/frame/read-picture-address.ts';
import type { Studio } from '../../../../../renderer/state/studio.svelte.ts';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

const file = (name: string, type: string, content: BlobPart = 'x') => new File([content], name, { type });
const messages = (studio: Studio) => studio.notices.list.map(({ body }) => body.message);

describe('files', () => {
  it('opens the first of several pictures, keeps all, and names every file that failed', async () => {
    const studio = await bench.startPage();
    const names = ['one.png', 'broken.png', 'two.png', 'broken 2.png', 'broken 3.png', 'broken 4.png', 'broken 5.png'];
    const files: File[] = [];
    for (const name of names) files.push(file(name, 'image/png', name.startsWith('broken') ? 'x' : await bench.makeScene()));
    void studio.arrivals.receiveFiles(files);
    await bench.until(() => expect(studio.manuscript.picture?.title).toBe('one'));
    expect(messages(studio)).toEqual([
      expect.stringMatching(/^broken\.png: /),
      expect.stringMatching(/^broken 2\.png: /),
      '3 more files could not be added.',
      '2 pictures are in the library.',
    ]);
    studio.notices.list.at(-1)?.remedy?.run();
    expect(studio.place.current).toBe('library');
  });

  it('names the one file that could not be opened, and offers another', async () => {
    const studio = await bench.startPage();
    await studio.arrivals.receiveFiles([file('broken.png', 'image/png')]);
    expect(studio.reading.error?.message).toMatch(/^broken\.png: /);
    expect(studio.remedyFor({ code: studio.reading.error?.code ?? 'internal' })?.label).toBe('Choose another picture');
  });

  it('proposes a text file and takes it only after a yes; one undo goes back', async () => {
    const studio = await bench.startPage();
    studio.editing.type('my own words');
    await studio.arrivals.receiveFiles([file('notes.txt', 'text/plain', 'a red fox\n')]);
    expect(studio.manuscript.text).toBe('my own words');
    expect(studio.proposals.current).toMatchObject({ type: 'text', from: 'notes.txt', text: 'a red fox' });
    await studio.proposals.accept();
    expect(studio.manuscript.text).toBe('a red fox');
    expect(studio.proposals.current).toBeNull();
    studio.manuscript.undo();
    expect(studio.manuscript.text).toBe('my own words');
  });

  it('says what to do with an empty text, a text that is too large, and a folder in a browser', async () => {
    const studio = await bench.startPage();
    await studio.arrivals.receiveFiles([file('empty.txt', 'text/plain', ' ')]);
    await studio.arrivals.receiveFiles([file('large.txt', 'text/plain', 'a'.repeat(2_000_001))]);
    await studio.arrivals.receiveFiles([file('photos', '')], ['photos']);
    expect(messages(studio)).toEqual([
      'empty.txt is empty.',
      'large.txt is too large to be a prompt.',
      'A browser does not hand over folders here.',
    ]);
    expect(studio.proposals.current).toBeNull();
    expect(studio.manuscript.picture).toBeNull();
  });

  it('opens what the desktop program has added already', async () => {
    const studio = await bench.startPage();
    const added: AddedFile[] = [{ name: 'pig.png', item: await bench.addScene('Pig'), error: null }];
    void studio.arrivals.receiveAdded(added);
    await bench.until(() => expect(studio.manuscript.picture?.title).toBe('Pig'));
  });
});

describe('links', () => {
  it('propose a text and never take it, and show an item', async () => {
    const studio = await bench.startPage();
    await studio.arrivals.receiveLink({ type: 'prompt', text: 'a castle' });
    expect(studio.manuscript.text).toBe('');
    expect(studio.proposals.current).toMatchObject({ from: 'a link', text: 'a castle' });
    studio.proposals.decline();
    expect(studio.proposals.current).toBeNull();
    void studio.arrivals.receiveLink({ type: 'item', itemId: (await bench.addScene('Pig')).id });
    await bench.until(() => expect(studio.manuscript.picture?.title).toBe('Pig'));
  });
});

describe('addresses', () => {
  it('are asked only after a yes, and only where they are clearly pictures over https', async () => {
    const studio = await bench.startPage();
    studio.arrivals.receiveAddress('https://example.com/page');
    studio.arrivals.receiveAddress('http://example.com/a.png');
    expect(messages(studio)).toHaveLength(2);
    expect(studio.proposals.current).toBeNull();
    studio.arrivals.receiveAddress('# comment\r\nhttps://example.com/a.PNG?x=1');
    expect(studio.proposals.current).toMatchObject({ type: 'address', host: 'example.com' });
    expect(studio.manuscript.picture).toBeNull();
    studio.proposals.decline();
    // A yes asks the core, which asks no machine of one's own network.
    studio.arrivals.receiveAddress('https://127.0.0.1/a.png');
    expect(studio.reading.error).toBeNull();
    await studio.proposals.accept();
    expect(studio.reading.error).toMatchObject({ code: 'address-refused', details: { host: '127.0.0.1' } });
  });

  it.each(['', 'file:///a.png', 'a fox', 'javascript:alert(1)//.png', 'https://'])('%s is no picture address', (text) => {
    expect(readPictureAddress(text).type).toBe('refused');
  });
});
