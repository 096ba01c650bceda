import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { originOf } from '../../../../contract/texts/prompt.ts';
import type { Slot } from '../../../../contract/texts/prompt.ts';
import { runningText } from '../../../../renderer/state/text/prompt-text.ts';
import type { Page } from '../../../../renderer/state/page.svelte.ts';
import { PACK_ID } from '../../../contract/open-test-studio.ts';
import { MemoryStorage } from '../../../helpers/memory-storage.ts';
import { CoreBench } from '../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

/** A page with a picture that was read at every length. */
async function startRead(store?: Storage): Promise<Page> {
  const page = await bench.startPage(store);
  await page.reading.openItem(await bench.addScene('Pig'));
  expect(page.reading.error).toBeNull();
  return page;
}

async function draw(page: Page): Promise<void> {
  await page.drawing.generate();
  await bench.until(() => expect(page.drawing.busy).toBe(false));
  expect(page.drawing.error).toBeNull();
}

function slotsOf(page: Page): readonly Slot[] {
  return page.work.document?.slots ?? [];
}

describe('from a picture to words to a picture', () => {
  it('reads a sample at every length and draws it', async () => {
    const page = await bench.startPage();
    page.preferences.set({ drawAfterReading: true });
    await page.reading.openSample(PACK_ID, 'samples/1-pig.png', 'Pig');
    expect(Object.keys(page.work.snapshot.versions)).toEqual(['5', '15', '75']);
    expect(page.work.snapshot.open).toBe('15');
    expect(page.work.text).toContain('pig');
    await bench.until(() => expect(page.drawing.results.items).toHaveLength(1));
    expect(page.drawing.results.selected?.fidelity?.mean).toBeGreaterThan(0);
  });

  it('keeps the canvas as it was when a picture cannot be opened', async () => {
    const page = await startRead();
    const before = page.work.snapshot;
    await page.reading.openFile(new Blob(['x']), 'broken');
    expect(page.reading.error?.code).toBe('image-unreadable');
    expect(page.work.snapshot).toBe(before);
  });

  it('never writes a failed reading into the words', async () => {
    const page = await startRead();
    const words = page.work.text;
    const { sha256 = '' } = page.work.picture ?? {};
    const job = await bench.core.client.jobs.submit({
      kind: 'encode',
      imageSha256s: [sha256],
      lengths: [5, 15, 75],
      packId: 'no-such-pack',
    });
    await page.reading.follow(job.id);
    expect(page.reading.error?.code).toBe('pack-not-found');
    await rm((await bench.core.locateImage(sha256)).path);
    await page.reading.read();
    expect(page.reading.error?.code).toBe('not-found');
    expect(page.work.text).toBe(words);
  });

  it('cancels the drawing that runs', async () => {
    const page = await startRead();
    page.preferences.set({ steps: 200 });
    await page.drawing.generate();
    await bench.until(() => expect(page.drawing.job?.progress.step).toBeGreaterThan(0));
    await page.drawing.cancel();
    await bench.until(() => expect(page.drawing.busy).toBe(false));
    expect(page.drawing.error).toBeNull();
    expect(page.drawing.results.items).toEqual([]);
  });
});

describe('editing', () => {
  it('turns typing into one step, and undo takes it back', async () => {
    const page = await startRead();
    const before = page.work.text;
    page.editing.type(`${before} a`);
    page.editing.type(`${before} a fox`);
    expect(page.work.text).toBe(`${before} a fox`);
    await page.editing.settle();
    const typed = slotsOf(page).at(-1);
    expect(typed).toMatchObject({ text: 'fox' });
    const { document } = page.work;
    expect(document && typed && originOf(document, typed)).toBe('hand');
    page.work.undo();
    expect(page.work.text).toBe(before);
    page.work.redo();
    expect(page.work.text).toBe(`${before} a fox`);
  });

  it('takes back typing that is not a step yet before anything else', async () => {
    const page = await startRead();
    const before = page.work.text;
    page.editing.type('zebra');
    page.work.undo();
    expect([page.work.text, page.work.pendingText]).toEqual([before, null]);
  });

  it('chooses an alternative, locks, mutes, weighs and deletes, each undone alone', async () => {
    const page = await startRead();
    const { words, work } = page;
    const read = slotsOf(page)[2];
    if (read === undefined) throw new Error('The encoder reads three words and more.');
    await bench.until(() => expect(words.alternatives(read).length).toBeGreaterThan(1));
    const other = words.alternatives(read).find(({ tokenId }) => tokenId !== read.tokenId);
    if (other === undefined) throw new Error('The encoder gives alternatives.');
    const slot = () => slotsOf(page).find(({ id }) => id === read.id);
    words.select([read.id]);
    await words.choose(read.id, other.tokenId);
    void words.lock();
    void words.mute();
    void words.weigh(1);
    await words.weigh(1);
    expect(slot()).toMatchObject({ text: other.text, exact: false, locked: true, muted: true, weight: 1.1 });
    await words.remove();
    expect(slot()).toBeUndefined();
    const acts = ['Lock', 'Mute', 'Weigh', 'Delete'].map((act) => `${act} “${other.text}”`);
    expect(work.history.entries.slice(-4).map(({ label }) => label)).toEqual(acts);
    work.undo();
    work.undo();
    expect(slot()).toMatchObject({ muted: true, weight: 1 });
    work.undo();
    work.undo();
    work.undo();
    expect(slot()).toMatchObject({ text: read.text, exact: true });
    expect(slot()).not.toHaveProperty('locked');
  });

  it('tells a failure also through a part that was taken apart', async () => {
    const { attempt, remedyFor, notices } = await bench.startPage();
    attempt(Promise.reject(new Error('The shelf fell down.')));
    await bench.until(() => expect(notices.list.map(({ body }) => body.details['reason'])).toEqual(['The shelf fell down.']));
    expect(remedyFor({ code: 'internal' })).toBeNull();
  });

  it('keeps the words and says why when the core refuses an edit', async () => {
    const page = await startRead();
    const endless = 'fox '.repeat(4097).trim();
    page.editing.type(endless);
    await page.editing.settle();
    expect(page.editing.error?.code).toBe('prompt-too-long');
    expect(page.work.text).toBe(endless);
    page.editing.type('short');
    await page.editing.settle();
    expect(page.editing.error).toBeNull();
  });

  it('keeps what was just typed when another picture is opened', async () => {
    const page = await startRead();
    page.editing.type('written a moment ago');
    await page.reading.openItem(await bench.addScene('Another pig'));
    page.work.undo();
    expect(page.work.text).toBe('written a moment ago');
  });

  it('undoes across pictures', async () => {
    const page = await startRead();
    await page.reading.openItem(await bench.addScene('Another pig'));
    expect(page.work.picture?.title).toBe('Another pig');
    page.work.undo();
    expect(page.work.picture?.title).toBe('Pig');
    expect(page.work.document?.length).toBe(15);
  });

  it('writes without a picture', async () => {
    const page = await bench.startPage();
    page.editing.type('a red boat');
    await page.editing.settle();
    expect(runningText(slotsOf(page))).toBe('a red boat');
    await draw(page);
    expect(page.drawing.results.selected?.recipe.text).toBe('a red boat');
  });
});

describe('lengths and fidelity', () => {
  it('keeps the edits of each length and undoes the change of length', async () => {
    const page = await startRead();
    page.openLength(5);
    await bench.until(() => expect(page.work.document?.length).toBe(5));
    page.editing.type('a blue fox');
    await page.editing.settle();
    page.openLength(15);
    await bench.until(() => expect(page.work.document?.length).toBe(15));
    page.openLength(5);
    await bench.until(() => expect(page.work.text).toBe('a blue fox'));
    expect(page.preferences.values.length).toBe(5);
  });

  it('gives mean and sample spread over the pictures of one text, and its movement', async () => {
    const page = await startRead();
    const { results } = page.drawing;
    page.preferences.set({ count: 3 });
    await draw(page);
    const each = results.items.map(({ fidelity }) => fidelity?.mean ?? NaN);
    const mean = each.reduce((sum, one) => sum + one, 0) / 3;
    const spread = Math.sqrt(each.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 2);
    expect(new Set(each).size).toBe(3);
    const key = slotsOf(page).map(({ tokenId }) => tokenId);
    expect(results.fidelityOf(key.join(' '))?.mean).toBeCloseTo(mean, 10);
    expect(results.fidelityOf(key.join(' '))?.spread).toBeCloseTo(spread, 10);
    expect(results.fidelityBefore(key.join(' '))).toBeNull();
    page.words.select(
      slotsOf(page)
        .slice(0, 1)
        .map(({ id }) => id),
    );
    await page.words.mute();
    page.preferences.set({ count: 1 });
    await draw(page);
    const muted = key.slice(1).join(' ');
    expect(results.fidelityOf(muted)?.mean).toBeCloseTo(results.selected?.fidelity?.mean ?? NaN, 10);
    expect(results.fidelityBefore(muted)?.mean).toBeCloseTo(mean, 10);
  });
});

describe('after a reload', () => {
  it('finds unsaved text, the picture, its results and the drawing that still runs', async () => {
    const store = new MemoryStorage();
    const page = await startRead(store);
    const words = page.work.text;
    await draw(page);
    const letGo = await bench.occupy();
    await page.drawing.generate();
    page.editing.type('not yet sent');
    page.keep();
    page.stop();

    const again = await bench.startPage(store);
    expect(again.work.picture?.title).toBe('Pig');
    expect(again.work.text).toBe('not yet sent');
    await bench.until(() => expect(again.work.pendingText).toBeNull());
    await bench.until(() => expect(again.drawing.results.items).toHaveLength(1));
    await bench.until(() => expect(again.drawing.busy).toBe(true));
    await letGo();
    await bench.until(() => expect(again.drawing.results.items).toHaveLength(2));
    again.work.undo();
    expect(again.work.text).toBe(words);
  });
});
