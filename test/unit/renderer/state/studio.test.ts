import { afterEach, describe, expect, it, vi } from 'vitest';
import { StudioError } from '../../../../contract/errors.ts';
import { BrowserTab } from '../../../../renderer/desktop/browser-tab.ts';
import { runningText } from '../../../../renderer/state/prompt-text.ts';
import { Studio } from '../../../../renderer/state/studio.svelte.ts';
import { MemoryStorage } from '../../../helpers/memory-storage.ts';
import { createStandInCore } from '../../../helpers/stand-in-core.ts';
import type { StandInCore } from '../../../helpers/stand-in-core.ts';

const open: Studio[] = [];
afterEach(() => {
  for (const studio of open.splice(0)) studio.stop();
});

async function start(core: StandInCore, store = new MemoryStorage()): Promise<Studio> {
  const uploadImage = (_: Blob, title: string) =>
    title === 'broken'
      ? Promise.reject(new StudioError('image-unreadable', 'Not a picture.', 'Try another.'))
      : Promise.resolve(core.addPicture(title));
  const transport = { client: core.client, uploadImage };
  const studio = new Studio(transport, store, new BrowserTab());
  open.push(studio);
  studio.start();
  await vi.waitFor(() => expect(studio.facts.pack).not.toBeNull());
  return studio;
}

function runningJob(core: StandInCore, kind: string): string {
  const job = [...core.jobs.values()].find((one) => one.request.kind === kind && one.state === 'queued');
  if (job === undefined) throw new Error(`No ${kind} job waits.`);
  return job.id;
}

/** Opens the sample and lets the core read it at every length. */
async function read(studio: Studio, core: StandInCore): Promise<void> {
  const opening = studio.reading.openSample('stand-in', 'samples/one.png', 'Fox');
  await vi.waitFor(() => runningJob(core, 'encode'));
  core.finish(runningJob(core, 'encode'));
  await opening;
}

async function draw(studio: Studio, core: StandInCore): Promise<void> {
  if (!studio.drawing.busy) void studio.drawing.generate();
  await vi.waitFor(() => runningJob(core, 'generate'));
  core.finish(runningJob(core, 'generate'));
  await vi.waitFor(() => expect(studio.drawing.busy).toBe(false));
}

describe('from a picture to words to a picture', () => {
  it('reads a sample at every length and draws it', async () => {
    const core = createStandInCore();
    const studio = await start(core);
    await read(studio, core);
    expect(Object.keys(studio.manuscript.snapshot.versions)).toEqual(['5', '15', '75']);
    expect(studio.manuscript.snapshot.open).toBe('75');
    await draw(studio, core);
    expect(studio.drawing.results.selected?.fidelity?.mean).toBe(0.8);
  });

  it('keeps the canvas as it was when a picture cannot be opened', async () => {
    const core = createStandInCore();
    const studio = await start(core);
    await read(studio, core);
    const before = studio.manuscript.snapshot;
    await studio.reading.openFile(new Blob(['x']), 'broken');
    expect(studio.reading.error?.code).toBe('image-unreadable');
    expect(studio.manuscript.snapshot).toBe(before);
  });

  it('never writes a failed reading into the words', async () => {
    const core = createStandInCore();
    const studio = await start(core);
    await read(studio, core);
    const words = studio.manuscript.text;
    const again = studio.reading.read();
    await vi.waitFor(() => runningJob(core, 'encode'));
    core.fail(runningJob(core, 'encode'), new StudioError('engine-crashed', 'The engine crashed.', 'Try again.'));
    await again;
    expect(studio.reading.error?.code).toBe('engine-crashed');
    expect(studio.manuscript.text).toBe(words);
  });

  it('cancels the drawing that runs', async () => {
    const core = createStandInCore();
    const studio = await start(core);
    await read(studio, core);
    await vi.waitFor(() => runningJob(core, 'generate'));
    core.progress(runningJob(core, 'generate'), { phase: 'denoising', step: 3, steps: 20, fraction: 0.2 });
    await vi.waitFor(() => expect(studio.drawing.job?.progress.step).toBe(3));
    await studio.drawing.cancel();
    await vi.waitFor(() => expect(studio.drawing.busy).toBe(false));
    expect(studio.drawing.error).toBeNull();
    expect(studio.drawing.results.items).toEqual([]);
  });
});

describe('editing', () => {
  it('turns typing into one step, and undo takes it back', async () => {
    const core = createStandInCore();
    const studio = await start(core);
    await read(studio, core);
    const before = studio.manuscript.text;
    studio.editing.type(`${before} at`);
    studio.editing.type(`${before} at dusk`);
    expect(studio.manuscript.text).toBe(`${before} at dusk`);
    await studio.editing.settle();
    expect(studio.manuscript.document?.slots.at(-1)).toMatchObject({ text: 'dusk', origin: 'hand' });
    studio.manuscript.undo();
    expect(studio.manuscript.text).toBe(before);
    studio.manuscript.redo();
    expect(studio.manuscript.text).toBe(`${before} at dusk`);
  });

  it('takes back typing that is not a step yet before anything else', async () => {
    const core = createStandInCore();
    const studio = await start(core);
    await read(studio, core);
    const before = studio.manuscript.text;
    studio.editing.type('zebra');
    studio.manuscript.undo();
    expect([studio.manuscript.text, studio.manuscript.pendingText]).toEqual([before, null]);
  });

  it('chooses an alternative, locks, mutes, weighs and deletes, each undone alone', async () => {
    const core = createStandInCore();
    const studio = await start(core);
    await read(studio, core);
    const { words, manuscript } = studio;
    const slot = () => manuscript.document?.slots.find((one) => one.id === 's3');
    words.select(['s3']);
    await words.choose('s3', 5916);
    void words.lock();
    void words.mute();
    void words.weigh(1);
    await words.weigh(1);
    expect(slot()).toMatchObject({ text: 'wolf', exact: false, locked: true, muted: true, weight: 1.1 });
    await words.remove();
    expect(slot()).toBeUndefined();
    manuscript.undo();
    manuscript.undo();
    expect(slot()).toMatchObject({ muted: true, weight: 1 });
    manuscript.undo();
    manuscript.undo();
    manuscript.undo();
    expect(slot()).toMatchObject({ text: 'fox', exact: true, locked: false });
  });

  it('keeps the words and says why when the core refuses an edit', async () => {
    const core = createStandInCore();
    const studio = await start(core);
    await read(studio, core);
    core.refuseEdits(new StudioError('prompt-too-long', 'Too long.', 'Shorten it.'));
    studio.editing.type('much too long');
    await studio.editing.settle();
    expect(studio.editing.error?.code).toBe('prompt-too-long');
    expect(studio.manuscript.text).toBe('much too long');
    core.refuseEdits(null);
    studio.editing.type('short');
    await studio.editing.settle();
    expect(studio.editing.error).toBeNull();
  });

  it('keeps what was just typed when another picture is opened', async () => {
    const core = createStandInCore();
    const studio = await start(core);
    await read(studio, core);
    studio.editing.type('written a moment ago');
    const opening = studio.reading.openSample('stand-in', 'samples/two.png', 'Boat');
    await vi.waitFor(() => runningJob(core, 'encode'));
    core.finish(runningJob(core, 'encode'));
    await opening;
    studio.manuscript.undo();
    expect(studio.manuscript.text).toBe('written a moment ago');
  });

  it('undoes across pictures', async () => {
    const core = createStandInCore();
    const studio = await start(core);
    await read(studio, core);
    const opening = studio.reading.openSample('stand-in', 'samples/two.png', 'Boat');
    await vi.waitFor(() => runningJob(core, 'encode'));
    core.finish(runningJob(core, 'encode'));
    await opening;
    expect(studio.manuscript.picture?.title).toBe('Boat');
    studio.manuscript.undo();
    expect(studio.manuscript.picture?.title).toBe('Fox');
    expect(studio.manuscript.document?.length).toBe(75);
  });

  it('writes without a picture', async () => {
    const core = createStandInCore();
    const studio = await start(core);
    studio.editing.type('a red boat');
    await studio.editing.settle();
    expect(runningText(studio.manuscript.document?.slots ?? [])).toBe('a red boat');
    await draw(studio, core);
    expect(studio.drawing.results.selected?.recipe.text).toBe('a red boat');
  });
});

describe('lengths and fidelity', () => {
  it('keeps the edits of each length and undoes the change of length', async () => {
    const core = createStandInCore();
    const studio = await start(core);
    await read(studio, core);
    studio.openLength(5);
    await vi.waitFor(() => expect(studio.manuscript.document?.length).toBe(5));
    studio.editing.type('a blue fox');
    await studio.editing.settle();
    studio.openLength(15);
    await vi.waitFor(() => expect(studio.manuscript.document?.length).toBe(15));
    studio.openLength(5);
    await vi.waitFor(() => expect(studio.manuscript.text).toBe('a blue fox'));
    expect(studio.preferences.values.length).toBe(5);
  });

  it('gives mean and sample spread over the pictures of one text, and its movement', async () => {
    const core = createStandInCore();
    const studio = await start(core);
    studio.preferences.set({ count: 3, drawAfterReading: false });
    await read(studio, core);
    await draw(studio, core);
    const { results } = studio.drawing;
    const key = (studio.manuscript.document?.slots ?? []).map((slot) => slot.tokenId).join(' ');
    expect(results.fidelityOf(key)?.mean).toBeCloseTo(0.82, 10);
    expect(results.fidelityOf(key)?.spread).toBeCloseTo(0.02, 10);
    expect(results.fidelityBefore(key)).toBeNull();
    studio.words.select(['s1']);
    await studio.words.mute();
    studio.preferences.set({ count: 1 });
    await draw(studio, core);
    const muted = key.split(' ').slice(1).join(' ');
    expect(results.fidelityOf(muted)?.mean).toBeCloseTo(0.8, 10);
    expect(results.fidelityBefore(muted)?.mean).toBeCloseTo(0.82, 10);
  });
});

describe('after a reload', () => {
  it('finds unsaved text, the picture, its results and the drawing that still runs', async () => {
    const core = createStandInCore();
    const store = new MemoryStorage();
    const studio = await start(core, store);
    await read(studio, core);
    await draw(studio, core);
    void studio.drawing.generate();
    await vi.waitFor(() => runningJob(core, 'generate'));
    studio.editing.type('not yet sent');
    studio.keep();
    studio.stop();

    const again = await start(core, store);
    expect(again.manuscript.picture?.title).toBe('Fox');
    expect(again.manuscript.text).toBe('not yet sent');
    await vi.waitFor(() => expect(again.manuscript.pendingText).toBeNull());
    await vi.waitFor(() => expect(again.drawing.results.items).toHaveLength(1));
    await vi.waitFor(() => expect(again.drawing.busy).toBe(true));
    core.finish(runningJob(core, 'generate'));
    await vi.waitFor(() => expect(again.drawing.results.items).toHaveLength(2));
    again.manuscript.undo();
    expect(again.manuscript.text).toContain('red fox');
  });
});

describe('attention', () => {
  it('goes from words to the picture and back', async () => {
    const core = createStandInCore();
    const studio = await start(core);
    await read(studio, core);
    const { attention } = studio;
    attention.caret(['s1']);
    attention.hover(['s3']);
    expect(attention.heat?.peak).toEqual({ row: 2, column: 2 });
    expect(attention.heat?.values[18]).toBe(1);
    attention.hover([]);
    expect(attention.heat?.peak).toEqual({ row: 0, column: 0 });
    attention.pointAt({ row: 2, column: 2 });
    expect(attention.looked.get('s3')).toBe(3);
    expect(attention.looked.has('s4')).toBe(false);
  });
});
