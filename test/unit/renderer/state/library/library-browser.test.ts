import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PictureReference } from '../../../../../contract/desktop.ts';
import type { LibraryItem } from '../../../../../contract/library.ts';
import { openStudio } from '../../../../../main/studio.ts';
import type { Studio as Core } from '../../../../../main/studio.ts';
import { LibraryBrowser } from '../../../../../renderer/state/library/library-browser.svelte.ts';
import { BrowserTab } from '../../../../../renderer/desktop/browser-tab.ts';
import { Notices } from '../../../../../renderer/state/frame/notices.svelte.ts';

const count = 150;
const patience = { timeout: 20_000, interval: 20 };

/** The page's state on a real core, without a page. */
describe('the library as it is browsed', () => {
  let core: Core;
  let items: LibraryItem[];
  let library: LibraryBrowser;
  let notices: Notices;
  let platform: BrowserTab;
  let opened: string[] = [];
  let stop: () => void = () => undefined;

  const options = (): ConstructorParameters<typeof LibraryBrowser>[0] => ({
    transport: {
      client: core.client,
      uploadImage: async (bytes, title) => core.addImage(new Uint8Array(await bytes.arrayBuffer()), { title }),
      readReading: (sha256) => core.locateReading(sha256).then(({ path }) => readFile(path)),
      readNotices: () => Promise.reject(new Error('There is no page beside which they lie.')),
    },
    platform,
    notices,
    open: (itemId) => Promise.resolve(void opened.push(itemId)),
    useAsStart: () => undefined,
    heldReadings: () => [],
    stacks: { shown: () => true, remember: () => undefined },
    now: Date.now,
  });

  beforeAll(async () => {
    core = await openStudio({ ephemeral: true, device: 'cpu' });
    items = [];
    for (let number = 0; number < count; number += 1) {
      const background = { r: number, g: 255 - number, b: 90 };
      const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background } })
        .png()
        .toBuffer();
      items.push(await core.addImage(bytes, { title: `harbour ${String(number).padStart(3, '0')}` }));
    }
  }, 60_000);
  afterAll(async () => {
    stop();
    await core.close();
  });

  beforeEach(async () => {
    stop();
    notices = new Notices();
    opened = [];
    platform = new BrowserTab();
    library = new LibraryBrowser(options());
    const leaving = new AbortController();
    stop = () => leaving.abort();
    const events = await core.client.studio.events(undefined, { signal: leaving.signal });
    void (async () => {
      for await (const event of events) if (event.type === 'library-changed') library.changed();
    })().catch(() => undefined);
    library.enter();
    await expect.poll(() => library.total, patience).toBe(count);
    await expect.poll(() => library.overview?.items, patience).toBe(count);
  });

  it('knows of no rows before the core was asked, whatever the grid looks at meanwhile', async () => {
    const early = new LibraryBrowser(options());
    early.show(0, -1);
    await early.find(items[0]?.id ?? '');
    expect(early.total).toBeNull();
    early.enter();
    await expect.poll(() => early.total, patience).toBe(count);
    early.leave();
  });

  const titleAt = (index: number): string | undefined => library.row(index)?.title;

  it('reads what is looked at, page by page', async () => {
    expect(titleAt(0)).toBe('harbour 149');
    library.show(140, 149);
    await expect.poll(() => titleAt(149), patience).toBe('harbour 000');
    library.set({ order: 'oldest' });
    await expect.poll(() => titleAt(0), patience).toBe('harbour 000');
  });

  it('chooses a range and everything, also what was never read', async () => {
    const [newest] = [items[count - 1]];
    if (newest === undefined) throw new Error('There are items.');
    library.selection.only(0, newest.id);
    await library.selectTo(130);
    expect(library.selection.size).toBe(131);
    expect(library.selection.has(items[count - 131]?.id ?? '')).toBe(true);
    expect(library.selection.has(items[0]?.id ?? '')).toBe(false);
    await library.selectAll();
    expect(library.selection.size).toBe(count);
  });

  it('stars many, shows it, and takes back just what it did', async () => {
    const ids = items.slice(0, 3).map(({ id }) => id);
    await core.client.library.update({ itemId: ids[0] ?? '', starred: true });
    library.set({ order: 'oldest' });
    await expect.poll(() => library.row(0)?.starred, patience).toBe(true);
    await library.actions.star(ids, true);
    await expect.poll(() => library.overview?.starred, patience).toBe(3);
    await expect.poll(() => library.row(2)?.starred, patience).toBe(true);
    expect(notices.list.at(-1)?.body.message).toBe('2 items starred.');
    await library.actions.undo();
    await expect.poll(() => library.overview?.starred, patience).toBe(1);
    expect(library.actions.canUndo).toBe(false);
    await core.client.library.update({ itemId: ids[0] ?? '', starred: false });
  });

  it('takes a picture for what Midjourney drew of a text, and gives it back', async () => {
    const document = await core.client.prompts.create({ text: 'a lighthouse at dawn' });
    const text = await core.client.prompts.save({ document, title: 'dawn' });
    const drawn = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#204060' } })
      .png()
      .toBuffer();
    const sheet = await core.addImage(drawn, { title: 'ann_a_lighthouse_at_da.png' });
    library.selection.all([sheet.id]);
    await library.chosen.takeDrawn();
    expect(notices.list.at(-1)?.body.message).toBe('1 picture taken to its text.');
    const { descendants } = await core.client.library.lineage({ itemId: text.id });
    expect(descendants).toMatchObject([{ kind: 'generation', parents: [text.id], trashed: false }]);
    expect((await core.client.library.get({ itemId: sheet.id })).trashed).toBe(true);
    await library.actions.undo();
    expect((await core.client.library.get({ itemId: sheet.id })).trashed).toBe(false);
    const itemIds = [text.id, sheet.id, ...descendants.map(({ id }) => id)];
    await core.client.library.updateMany({ itemIds, change: { trashed: true } });
    await core.client.library.deleteForGood({ itemIds, keepReadings: [] });
  });

  it('throws the chosen away, lets go of them, and brings them back from the notice', async () => {
    const [first, second] = items;
    if (first === undefined || second === undefined) throw new Error('There are items.');
    library.selection.all([first.id, second.id]);
    await library.chosen.trash(true);
    expect(library.selection.size).toBe(0);
    await expect.poll(() => library.total, patience).toBe(count - 2);
    notices.list.at(-1)?.remedy?.run();
    await expect.poll(() => library.total, patience).toBe(count);
    expect(library.actions.canUndo).toBe(false);
  });

  it('lets go of what it deletes for good before the core has done so, and chooses it again where that fails', async () => {
    const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'white' } })
      .png()
      .toBuffer();
    const { id } = await core.addImage(bytes, { title: 'not for long' });
    await core.client.library.update({ itemId: id, trashed: true });
    library.selection.only(0, id);
    const deleted = library.chosen.deleteForGood(library.chosen.ids);
    expect(library.chosen.first).toBeNull();
    await deleted;
    expect(library.chosen.first).toBeNull();
    expect(notices.list.at(-1)?.body.message).toBe('1 item deleted for good.');

    const neverHeardOf = 'no id of an item';
    library.selection.only(0, neverHeardOf);
    await expect(library.chosen.deleteForGood(library.chosen.ids)).rejects.toThrow();
    expect(library.chosen.first).toBe(neverHeardOf);
  });

  it('says when there is nothing to take out of the library', async () => {
    library.selection.only(0, items[0]?.id ?? '');
    await library.exporting.copyTexts();
    expect(notices.list.at(-1)?.body.message).toBe('There is no text among the chosen.');
    library.selection.clear();
    await library.exporting.savePictures();
    expect(notices.list.at(-1)?.body.message).toBe('There is no picture among the chosen.');
  });

  it('saves what was chosen one after the other until it is stopped', async () => {
    const kept: string[] = [];
    const folder = {
      name: 'Pictures',
      keep: ({ title }: PictureReference) => {
        kept.push(title);
        if (kept.length === 3) library.exporting.stop();
        return Promise.resolve();
      },
    };
    platform.chooseFolder = () => Promise.resolve(folder);
    library.selection.all(items.slice(0, 40).map(({ id }) => id));
    // A second press while the first one is at work asks for nothing more.
    await Promise.all([library.exporting.savePictures(), library.exporting.savePictures()]);
    expect(kept).toEqual(['harbour 000', 'harbour 001', 'harbour 002']);
    expect(library.exporting.progress).toBeNull();
    expect(notices.list.at(-1)?.body.message).toBe('3 of 40 pictures saved in Pictures.');
  });

  it('waits for typing, and a change elsewhere does not swallow the question', async () => {
    library.set({ text: 'harbour 01' });
    library.changed();
    await expect.poll(() => library.total, patience).toBe(10);
    library.widen();
    await expect.poll(() => library.total, patience).toBe(count);
  });

  it('makes a board, fills it, deletes it and brings it back', async () => {
    const board = await library.actions.createBoard('Early ones');
    await library.actions.addToBoard(
      items.slice(0, 5).map(({ id }) => id),
      board,
    );
    library.set({ section: { type: 'board', id: board.id } });
    await expect.poll(() => library.total, patience).toBe(5);
    await library.actions.deleteBoard(board);
    await expect.poll(() => library.overview?.boards, patience).toEqual([]);
    await library.actions.undo();
    await expect.poll(() => library.overview?.boards, patience).toMatchObject([{ name: 'Early ones', items: 5 }]);
  });

  it('opens the chosen one', async () => {
    library.selection.only(0, items[count - 1]?.id ?? '');
    await library.chosen.open();
    expect(opened).toEqual([items[count - 1]?.id]);
  });

  it('asks until every picture has been looked at', async () => {
    await library.finder.likeItem(items[0]?.id ?? '');
    await expect.poll(() => library.total, patience).toBe(count - 1);
    await expect.poll(() => library.looking, patience).toBeNull();
    expect(titleAt(0)).toBeDefined();
    library.set({ likeness: null });
    await expect.poll(() => library.total, patience).toBe(count);
  });

  it('names items between any two positions, and gives an older choice back', async () => {
    const all = await core.client.library.ids({});
    expect(await library.readIdsBetween(100, 139)).toEqual(all.slice(100, 140));
    const { selection } = library;
    selection.only(3, all[3] ?? '');
    const putBack = selection.remember();
    selection.gather(new Set(all.slice(10, 20)), { index: 10, id: all[10] ?? '' });
    expect([selection.size, selection.focus, selection.anchor, selection.focusId]).toEqual([10, 10, 10, all[10]]);
    putBack();
    expect([[...selection.ids], selection.focus, selection.anchor, selection.focusId]).toEqual([[all[3]], 3, 3, all[3]]);
  });
});
