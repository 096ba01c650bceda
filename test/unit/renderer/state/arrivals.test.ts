import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AddedFile } from '../../../../contract/desktop.ts';
import { StudioError } from '../../../../contract/errors.ts';
import { BrowserTab } from '../../../../renderer/desktop/browser-tab.ts';
import { readPictureAddress } from '../../../../renderer/state/read-picture-address.ts';
import { Studio } from '../../../../renderer/state/studio.svelte.ts';
import { MemoryStorage } from '../../../helpers/memory-storage.ts';
import { createStandInCore } from '../../../helpers/stand-in-core.ts';
import type { StandInCore } from '../../../helpers/stand-in-core.ts';

const open: Studio[] = [];
afterEach(() => {
  for (const studio of open.splice(0)) studio.stop();
});

async function start(core: StandInCore): Promise<Studio> {
  const uploadImage = (_: Blob, title: string) =>
    title.startsWith('broken')
      ? Promise.reject(new StudioError('image-unreadable', 'Not a picture.', 'Try another.'))
      : Promise.resolve(core.addPicture(title));
  const studio = new Studio({ client: core.client, uploadImage }, new MemoryStorage(), new BrowserTab());
  open.push(studio);
  studio.start();
  await vi.waitFor(() => expect(studio.facts.pack).not.toBeNull());
  return studio;
}

const file = (name: string, type: string, content = 'x') => new File([content], name, { type });
const messages = (studio: Studio) => studio.notices.list.map(({ body }) => body.message);

describe('files', () => {
  it('opens the first of several pictures, keeps all, and names every file that failed', async () => {
    const core = createStandInCore();
    const studio = await start(core);
    const names = ['one.png', 'broken.png', 'two.png', 'broken 2.png', 'broken 3.png', 'broken 4.png', 'broken 5.png'];
    void studio.arrivals.receiveFiles(names.map((name) => file(name, 'image/png')));
    await vi.waitFor(() => expect(studio.manuscript.picture?.title).toBe('one'));
    expect(messages(studio)).toEqual([
      'broken.png: Not a picture.',
      'broken 2.png: Not a picture.',
      '3 more files could not be added.',
      '2 pictures are in the library.',
    ]);
    studio.notices.list.at(-1)?.remedy?.run();
    expect(studio.place.current).toBe('library');
  });

  it('proposes a text file and takes it only after a yes; one undo goes back', async () => {
    const studio = await start(createStandInCore());
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
    const studio = await start(createStandInCore());
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
    const core = createStandInCore();
    const studio = await start(core);
    const added: AddedFile[] = [{ name: 'fox.png', item: core.addPicture('Fox'), error: null }];
    void studio.arrivals.receiveAdded(added);
    await vi.waitFor(() => expect(studio.manuscript.picture?.title).toBe('Fox'));
  });
});

describe('links', () => {
  it('propose a text and never take it, and show an item', async () => {
    const core = createStandInCore();
    const studio = await start(core);
    await studio.arrivals.receiveLink({ type: 'prompt', text: 'a castle' });
    expect(studio.manuscript.text).toBe('');
    expect(studio.proposals.current).toMatchObject({ from: 'a link', text: 'a castle' });
    studio.proposals.decline();
    expect(studio.proposals.current).toBeNull();
    void studio.arrivals.receiveLink({ type: 'item', itemId: core.addPicture('Fox').id });
    await vi.waitFor(() => expect(studio.manuscript.picture?.title).toBe('Fox'));
  });
});

describe('addresses', () => {
  it('are asked only after a yes, and only where they are clearly pictures over https', async () => {
    const studio = await start(createStandInCore());
    studio.arrivals.receiveAddress('https://example.com/page');
    studio.arrivals.receiveAddress('http://example.com/a.png');
    expect(messages(studio)).toHaveLength(2);
    expect(studio.proposals.current).toBeNull();
    studio.arrivals.receiveAddress('# comment\r\nhttps://example.com/a.PNG?x=1');
    expect(studio.proposals.current).toMatchObject({ type: 'address', host: 'example.com' });
    expect(studio.manuscript.picture).toBeNull();
    void studio.proposals.accept();
    await vi.waitFor(() => expect(studio.manuscript.picture?.title).toBe('a.PNG'));
  });

  it.each(['', 'file:///a.png', 'a fox', 'javascript:alert(1)//.png', 'https://'])('%s is no picture address', (text) => {
    expect(readPictureAddress(text).type).toBe('refused');
  });
});
