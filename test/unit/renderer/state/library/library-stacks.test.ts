import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LibraryItem } from '../../../../../contract/library.ts';
import { openStudio } from '../../../../../main/studio.ts';
import type { Studio as Core } from '../../../../../main/studio.ts';
import { BrowserTab } from '../../../../../renderer/desktop/browser-tab.ts';
import { Notices } from '../../../../../renderer/state/frame/notices.svelte.ts';
import { LibraryBrowser } from '../../../../../renderer/state/library/library-browser.svelte.ts';

const patience = { timeout: 20_000, interval: 20 };

/** The page's state on a real core: a picture with two texts, between two that are alone. */
describe('stacks as they are browsed', () => {
  let core: Core;
  let pictures: LibraryItem[];
  let library: LibraryBrowser;
  let notices: Notices;
  let remembered: boolean[] = [];

  beforeAll(async () => {
    core = await openStudio({ ephemeral: true, device: 'cpu' });
    pictures = [];
    for (const [title, red] of [
      ['before', 1],
      ['pig', 2],
      ['after', 3],
    ] as const) {
      const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: { r: red, g: 9, b: 9 } } })
        .png()
        .toBuffer();
      pictures.push(await core.addImage(bytes, { title }));
    }
    const pig = pictures[1]?.id ?? '';
    for (const text of ['a pig', 'a red pig']) {
      const document = await core.client.prompts.create({ text });
      await core.client.prompts.save({ document, parents: [pig] });
    }
  }, 60_000);
  afterAll(() => core.close());

  beforeEach(async () => {
    notices = new Notices();
    remembered = [];
    library = new LibraryBrowser({
      transport: {
        client: core.client,
        uploadImage: async (bytes, title) => core.addImage(new Uint8Array(await bytes.arrayBuffer()), { title }),
        readReading: (sha256) => core.locateReading(sha256).then(({ path }) => readFile(path)),
        readNotices: () => Promise.reject(new Error('There is no page beside which they lie.')),
      },
      platform: new BrowserTab(),
      notices,
      open: () => Promise.resolve(),
      useAsStart: () => undefined,
      heldReadings: () => [],
      stacks: { shown: () => true, remember: (shown) => void remembered.push(shown) },
      now: Date.now,
    });
    library.enter();
    await expect.poll(() => library.total, patience).toBe(3);
  });

  const nameAt = (index: number): string | undefined => library.row(index)?.title;
  const pigId = (): string => pictures[1]?.id ?? '';

  it('are one row each, and say how much of what is chosen', () => {
    expect([0, 1, 2].map(nameAt)).toEqual(['pig', 'after', 'before']);
    expect(library.row(0)?.stack).toEqual({ id: pigId(), items: 3, pictures: 1 });
    library.selection.all([pigId(), pictures[0]?.id ?? '']);
    expect(library.chosenCount).toEqual({ pictures: 2, texts: 2, stacks: 1 });
    library.selection.all([pigId(), 'what is not here']);
    expect(library.chosenCount).toBeNull();
    expect(library.sections.map(({ span, count }) => [span?.name, count])).toEqual([['today', 3]]);
  });

  it('open, and go back to where they were opened', async () => {
    library.selection.only(0, pigId());
    library.scrolledTo = 120;
    await library.stacks.open(0, 'pig');
    expect(library.question.stack).toEqual({ id: pigId(), name: 'pig' });
    expect(library.total).toBe(3);
    expect(library.row(2)?.id).toBe(pigId());
    expect(library.row(2)?.stack).toBeNull();
    expect(library.selection.focusId).toBe(library.row(0)?.id);
    expect(library.scrolledTo).toBe(0);
    await library.stacks.close();
    expect([0, 1, 2].map(nameAt)).toEqual(['pig', 'after', 'before']);
    expect([library.selection.focus, library.selection.focusId, library.scrolledTo]).toEqual([0, pigId(), 120]);
    // One that is alone has nothing to open.
    await library.stacks.open(1, 'after');
    expect(library.question.stack).toBeNull();
  });

  it('keep open for another order, and give way to other words', async () => {
    await library.stacks.open(0, 'pig');
    library.set({ order: 'oldest' });
    await expect.poll(() => library.row(0)?.id, patience).toBe(pigId());
    expect(library.question.stack).not.toBeNull();
    library.set({ text: 'after' });
    expect(library.question.stack).toBeNull();
    await expect.poll(() => library.total, patience).toBe(1);
  });

  it('are thrown away whole, and come back whole', async () => {
    library.selection.only(0, pigId());
    await library.chosen.trash(true);
    expect(notices.list.at(-1)?.body.message).toBe('3 items moved to the trash.');
    await expect.poll(() => core.client.library.overview().then(({ trashed }) => trashed), patience).toBe(3);
    await library.actions.undo();
    await expect.poll(() => core.client.library.overview().then(({ trashed }) => trashed), patience).toBe(0);
  });

  it('are deleted for good only as what was asked about', async () => {
    const asked = async (): Promise<number> => {
      await library.deletion.ask('chosen');
      return library.deletion.asked?.about === 'chosen' ? library.deletion.asked.itemIds.length : 0;
    };
    expect(await asked()).toBe(0);
    library.selection.only(0, pigId());
    expect(await asked()).toBe(3);
    await library.deletion.answer(false);
    expect(library.deletion.asked).toBeNull();
  });

  it('are spread out by the switch, which is remembered', async () => {
    library.showStacks(false);
    await expect.poll(() => library.total, patience).toBe(5);
    expect(library.row(0)?.stack).toBeNull();
    expect(remembered).toEqual([false]);
    library.selection.only(0, library.row(0)?.id ?? '');
    expect(await library.chosen.members()).toHaveLength(1);
  });

  it('close by themselves when nothing of them is left', async () => {
    await library.stacks.open(0, 'pig');
    await library.selectAll();
    await library.chosen.trash(true);
    library.changed();
    await expect.poll(() => library.question.stack, patience).toBeNull();
    await expect.poll(() => library.total, patience).toBe(2);
    await library.actions.undo();
  });
});
