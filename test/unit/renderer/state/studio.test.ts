import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { originOf } from '../../../../contract/prompt.ts';
import type { Slot } from '../../../../contract/prompt.ts';
import { runningText } from '../../../../renderer/state/text/prompt-text.ts';
import type { Studio } from '../../../../renderer/state/studio.svelte.ts';
import { PACK_ID } from '../../../contract/open-test-studio.ts';
import { MemoryStorage } from '../../../helpers/memory-storage.ts';
import { CoreBench } from '../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

/** A page with a picture that was read at every length. */
async function startRead(store?: Storage): Promise<Studio> {
  const studio = await bench.startPage(store);
  await studio.reading.openItem(await bench.addScene('Pig'));
  expect(studio.reading.error).toBeNull();
  return studio;
}

async function draw(studio: Studio): Promise<void> {
  await studio.drawing.generate();
  await bench.until(() => expect(studio.drawing.busy).toBe(false));
  expect(studio.drawing.error).toBeNull();
}

function slotsOf(studio: Studio): readonly Slot[] {
  return studio.manuscript.document?.slots ?? [];
}

describe('from a picture to words to a picture', () => {
  it('reads a sample at every length and draws it', async () => {
    const studio = await bench.startPage();
    studio.preferences.set({ drawAfterReading: true });
    await studio.reading.openSample(PACK_ID, 'samples/1-pig.png', 'Pig');
    expect(Object.keys(studio.manuscript.snapshot.versions)).toEqual(['5', '15', '75']);
    expect(studio.manuscript.snapshot.open).toBe('75');
    expect(studio.manuscript.text).toContain('pig');
    await bench.until(() => expect(studio.drawing.results.items).toHaveLength(1));
    expect(studio.drawing.results.selected?.fidelity?.mean).toBeGreaterThan(0);
  });

  it('keeps the canvas as it was when a picture cannot be opened', async () => {
    const studio = await startRead();
    const before = studio.manuscript.snapshot;
    await studio.reading.openFile(new Blob(['x']), 'broken');
    expect(studio.reading.error?.code).toBe('image-unreadable');
    expect(studio.manuscript.snapshot).toBe(before);
  });

  it('never writes a failed reading into the words', async () => {
    const studio = await startRead();
    const words = studio.manuscript.text;
    const { sha256 = '' } = studio.manuscript.picture ?? {};
    const job = await bench.core.client.jobs.submit({
      kind: 'encode',
      imageSha256s: [sha256],
      lengths: [5, 15, 75],
      packId: 'no-such-pack',
    });
    await studio.reading.follow(job.id);
    expect(studio.reading.error?.code).toBe('pack-not-found');
    await rm((await bench.core.locateImage(sha256)).path);
    await studio.reading.read();
    expect(studio.reading.error?.code).toBe('not-found');
    expect(studio.manuscript.text).toBe(words);
  });

  it('cancels the drawing that runs', async () => {
    const studio = await startRead();
    studio.preferences.set({ steps: 200 });
    await studio.drawing.generate();
    await bench.until(() => expect(studio.drawing.job?.progress.step).toBeGreaterThan(0));
    await studio.drawing.cancel();
    await bench.until(() => expect(studio.drawing.busy).toBe(false));
    expect(studio.drawing.error).toBeNull();
    expect(studio.drawing.results.items).toEqual([]);
  });
});

describe('editing', () => {
  it('turns typing into one step, and undo takes it back', async () => {
    const studio = await startRead();
    const before = studio.manuscript.text;
    studio.editing.type(`${before} a`);
    studio.editing.type(`${before} a fox`);
    expect(studio.manuscript.text).toBe(`${before} a fox`);
    await studio.editing.settle();
    const typed = slotsOf(studio).at(-1);
    expect(typed).toMatchObject({ text: 'fox' });
    const { document } = studio.manuscript;
    expect(document && typed && originOf(document, typed)).toBe('hand');
    studio.manuscript.undo();
    expect(studio.manuscript.text).toBe(before);
    studio.manuscript.redo();
    expect(studio.manuscript.text).toBe(`${before} a fox`);
  });

  it('takes back typing that is not a step yet before anything else', async () => {
    const studio = await startRead();
    const before = studio.manuscript.text;
    studio.editing.type('zebra');
    studio.manuscript.undo();
    expect([studio.manuscript.text, studio.manuscript.pendingText]).toEqual([before, null]);
  });

  it('chooses an alternative, locks, mutes, weighs and deletes, each undone alone', async () => {
    const studio = await startRead();
    const { words, manuscript } = studio;
    const read = slotsOf(studio)[2];
    if (read === undefined) throw new Error('The encoder reads three words and more.');
    await bench.until(() => expect(words.alternatives(read).length).toBeGreaterThan(1));
    const other = words.alternatives(read).find(({ tokenId }) => tokenId !== read.tokenId);
    if (other === undefined) throw new Error('The encoder gives alternatives.');
    const slot = () => slotsOf(studio).find(({ id }) => id === read.id);
    words.select([read.id]);
    await words.choose(read.id, other.tokenId);
    void words.lock();
    void words.mute();
    void words.weigh(1);
    await words.weigh(1);
    expect(slot()).toMatchObject({ text: other.text, exact: false, locked: true, muted: true, weight: 1.1 });
    await words.remove();
    expect(slot()).toBeUndefined();
    manuscript.undo();
    manuscript.undo();
    expect(slot()).toMatchObject({ muted: true, weight: 1 });
    manuscript.undo();
    manuscript.undo();
    manuscript.undo();
    expect(slot()).toMatchObject({ text: read.text, exact: true });
    expect(slot()).not.toHaveProperty('locked');
  });

  it('goes on after a command that failed', async () => {
    const studio = await bench.startPage();
    studio.editing.type('a red fox');
    await studio.editing.settle();
    const fox = slotsOf(studio).at(-1)?.id ?? '';
    let fails = true;
    studio.words.attach({
      focus: () => undefined,
      coordinates: () => null,
      replace: () => undefined,
      selection: () => {
        if (fails) throw new RangeError('The editor is being taken away.');
        return [fox];
      },
      select: () => undefined,
    });
    await expect(studio.words.lock()).rejects.toThrow(RangeError);
    fails = false;
    await studio.words.lock();
    await studio.words.weigh(1);
    expect(slotsOf(studio).at(-1)).toMatchObject({ text: 'fox', locked: true, weight: 1.05 });
  });

  it('keeps the words and says why when the core refuses an edit', async () => {
    const studio = await startRead();
    const endless = 'fox '.repeat(4097).trim();
    studio.editing.type(endless);
    await studio.editing.settle();
    expect(studio.editing.error?.code).toBe('prompt-too-long');
    expect(studio.manuscript.text).toBe(endless);
    studio.editing.type('short');
    await studio.editing.settle();
    expect(studio.editing.error).toBeNull();
  });

  it('keeps what was just typed when another picture is opened', async () => {
    const studio = await startRead();
    studio.editing.type('written a moment ago');
    await studio.reading.openItem(await bench.addScene('Another pig'));
    studio.manuscript.undo();
    expect(studio.manuscript.text).toBe('written a moment ago');
  });

  it('undoes across pictures', async () => {
    const studio = await startRead();
    await studio.reading.openItem(await bench.addScene('Another pig'));
    expect(studio.manuscript.picture?.title).toBe('Another pig');
    studio.manuscript.undo();
    expect(studio.manuscript.picture?.title).toBe('Pig');
    expect(studio.manuscript.document?.length).toBe(75);
  });

  it('writes without a picture', async () => {
    const studio = await bench.startPage();
    studio.editing.type('a red boat');
    await studio.editing.settle();
    expect(runningText(slotsOf(studio))).toBe('a red boat');
    await draw(studio);
    expect(studio.drawing.results.selected?.recipe.text).toBe('a red boat');
  });
});

describe('lengths and fidelity', () => {
  it('keeps the edits of each length and undoes the change of length', async () => {
    const studio = await startRead();
    studio.openLength(5);
    await bench.until(() => expect(studio.manuscript.document?.length).toBe(5));
    studio.editing.type('a blue fox');
    await studio.editing.settle();
    studio.openLength(15);
    await bench.until(() => expect(studio.manuscript.document?.length).toBe(15));
    studio.openLength(5);
    await bench.until(() => expect(studio.manuscript.text).toBe('a blue fox'));
    expect(studio.preferences.values.length).toBe(5);
  });

  it('gives mean and sample spread over the pictures of one text, and its movement', async () => {
    const studio = await startRead();
    const { results } = studio.drawing;
    studio.preferences.set({ count: 3 });
    await draw(studio);
    const each = results.items.map(({ fidelity }) => fidelity?.mean ?? NaN);
    const mean = each.reduce((sum, one) => sum + one, 0) / 3;
    const spread = Math.sqrt(each.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 2);
    expect(new Set(each).size).toBe(3);
    const key = slotsOf(studio).map(({ tokenId }) => tokenId);
    expect(results.fidelityOf(key.join(' '))?.mean).toBeCloseTo(mean, 10);
    expect(results.fidelityOf(key.join(' '))?.spread).toBeCloseTo(spread, 10);
    expect(results.fidelityBefore(key.join(' '))).toBeNull();
    studio.words.select(
      slotsOf(studio)
        .slice(0, 1)
        .map(({ id }) => id),
    );
    await studio.words.mute();
    studio.preferences.set({ count: 1 });
    await draw(studio);
    const muted = key.slice(1).join(' ');
    expect(results.fidelityOf(muted)?.mean).toBeCloseTo(results.selected?.fidelity?.mean ?? NaN, 10);
    expect(results.fidelityBefore(muted)?.mean).toBeCloseTo(mean, 10);
  });
});

describe('after a reload', () => {
  it('finds unsaved text, the picture, its results and the drawing that still runs', async () => {
    const store = new MemoryStorage();
    const studio = await startRead(store);
    const words = studio.manuscript.text;
    await draw(studio);
    const letGo = await bench.occupy();
    await studio.drawing.generate();
    studio.editing.type('not yet sent');
    studio.keep();
    studio.stop();

    const again = await bench.startPage(store);
    expect(again.manuscript.picture?.title).toBe('Pig');
    expect(again.manuscript.text).toBe('not yet sent');
    await bench.until(() => expect(again.manuscript.pendingText).toBeNull());
    await bench.until(() => expect(again.drawing.results.items).toHaveLength(1));
    await bench.until(() => expect(again.drawing.busy).toBe(true));
    await letGo();
    await bench.until(() => expect(again.drawing.results.items).toHaveLength(2));
    again.manuscript.undo();
    expect(again.manuscript.text).toBe(words);
  });
});
