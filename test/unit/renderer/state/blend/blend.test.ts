import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionSchema } from '../../../../../contract/outside/connection.ts';
import { originOf, readingOf } from '../../../../../contract/texts/prompt.ts';
import { alternativesAt } from '../../../../../contract/texts/reading.ts';
import { Blend } from '../../../../../renderer/state/blend/blend.svelte.ts';
import { blendKeys } from '../../../../../renderer/state/blend/blend-state.ts';
import { runningText } from '../../../../../renderer/state/text/prompt-text.ts';
import type { Page } from '../../../../../renderer/state/page.svelte.ts';
import { ComfyuiServer } from '../../../../helpers/comfyui-server.ts';
import { MemoryStorage } from '../../../../helpers/memory-storage.ts';
import { chatChunk, modelServer, startStream, writeChat } from '../../../../helpers/model-server.ts';
import { serveHttp } from '../../../network/local-servers.ts';
import { CoreBench } from '../../core-bench.ts';

const A = 'a red robot on a road, oil painting';
const B = 'a deer in a misty forest, watercolor';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

interface OpenBlend {
  readonly page: Page;
  readonly blend: Blend;
}

/** A connected page and a blend on it. */
async function openBlend(store = new MemoryStorage()): Promise<OpenBlend> {
  const page = await bench.startPage(store);
  return { page, blend: new Blend(page) };
}

async function openWith(a: string, b: string, store?: MemoryStorage): Promise<OpenBlend> {
  const { page, blend } = await openBlend(store);
  blend.texts.type('a', a);
  blend.texts.type('b', b);
  await blend.texts.settle();
  return { page, blend };
}

async function connect(id: string, listener: Parameters<typeof serveHttp>[0]): Promise<void> {
  const address = `${await serveHttp(listener)}/v1`;
  const request = connectionSchema.parse({ id, kind: 'openai-compatible', address, model: 'small' });
  const { consent } = await bench.core.client.connections.add(request);
  await bench.core.client.network.allow(consent);
}

/** Where a text of 15 tokens of the model here has its backdrop's first colour. */
const colourPlace = 9;

describe('a blend', () => {
  it('is written by rules, both ways, and every step can be taken back', async () => {
    const { blend } = await openWith(A, B);
    const { texts, writing } = blend;
    expect(writing.whyNot()).toBeNull();
    await writing.run();
    expect(texts.text('aPlusB')).toBe('a red robot in a misty forest, watercolor');
    expect(texts.text('bPlusA')).toContain('deer on a road');
    const document = texts.document('aPlusB');
    expect(document?.slots.map((slot) => originOf(document, slot))).toContain('imageB');
    expect(texts.state.aPlusB).toMatchObject({ writer: 'builtin', checks: { subject: true, setting: true } });
    texts.undo();
    expect(texts.state.aPlusB).toBeNull();
    texts.redo();
    expect(texts.state.aPlusB).not.toBeNull();
  });

  it('says what is missing before anything can be blended', async () => {
    const { blend } = await openBlend();
    expect(blend.writing.whyNot()).toBe('Put a picture or a text on each side.');
    blend.texts.type('a', A);
    expect(blend.writing.whyNot()).toBe('B is empty.');
  });

  it('that was changed by hand is checked again, and a new one is laid beside it with its locked words', async () => {
    const { blend } = await openWith(A, B);
    const { texts, writing } = blend;
    await writing.run();
    texts.type('aPlusB', 'a red robot on a road, golden watercolor');
    await texts.settle();
    expect(texts.state.aPlusB?.checks).toBeNull();
    await writing.check('aPlusB');
    expect(texts.state.aPlusB?.checks).toMatchObject({ subject: true, setting: false });
    const golden = texts.words('aPlusB').find(({ text }) => text === 'golden');
    await blend.toggleLock('aPlusB', golden?.ranges.map(({ slot }) => slot.id) ?? []);

    await writing.run(['aPlusB']);
    expect(texts.text('aPlusB')).toBe('a red robot on a road, golden watercolor');
    const proposed = texts.proposed.aPlusB?.document;
    expect(runningText(proposed?.slots ?? [])).toContain('misty forest');
    expect(runningText(proposed?.slots ?? [])).toContain('golden');
    expect(writing.comparison('aPlusB')?.counts.inserted).toBeGreaterThan(0);
    writing.accept('aPlusB');
    expect(texts.document('aPlusB')).toBe(proposed);
    expect(texts.proposed.aPlusB).toBeNull();
    texts.undo();
    expect(texts.text('aPlusB')).toContain('on a road');
  });

  it('keeps a lock beside what is found out about its text meanwhile', async () => {
    const { blend } = await openWith(A, B);
    const { texts, writing } = blend;
    await writing.run();
    const { document, checks } = texts.state.aPlusB ?? {};
    if (document === undefined || checks === undefined) throw new Error('no blend');
    let isLocked = false;
    const locking = blend.toggleLock('aPlusB', [document.slots[1]?.id ?? '']).then(() => (isLocked = true));
    for (let time = 0; !isLocked; time += 1) {
      texts.amend('aPlusB', document, { checks });
      await (time % 20 === 0 ? new Promise((resolve) => setImmediate(resolve)) : Promise.resolve());
    }
    await locking;
    expect(
      texts
        .document('aPlusB')
        ?.slots.filter(({ locked }) => locked)
        .map(({ text }) => text),
    ).toEqual(['red']);
    expect(texts.state.aPlusB?.checks).toEqual(checks);
  });

  it('is refined by the decoder, and what it found waits for a yes', async () => {
    const { page, blend } = await openBlend();
    const { texts, writing, sides, refining } = blend;
    expect(refining.whyNot('aPlusB')).toBe('There is no blend yet.');
    const packId = page.facts.pack?.id ?? '';
    const [first, second] = page.facts.pack?.samples ?? [];
    await sides.takeSample('a', packId, first?.file ?? '');
    await sides.takeText('b', B);
    await writing.run();
    expect(refining.whyNot('aPlusB')).toBe('B has to be a picture that was read.');
    await sides.takeSample('b', packId, second?.file ?? '');
    // The scene alone, with a first colour that its picture does not show: what the loss tells surely, whatever its noise.
    writing.mix('aPlusB', { share: 1, byHand: {} });
    const document = texts.document('aPlusB');
    const slot = document?.slots.find(({ position }) => position === colourPlace);
    if (document === null || slot === undefined) throw new Error('no word');
    const inspected = await bench.core.readReading(readingOf(document, slot)?.sha256 ?? '');
    const tokenId = alternativesAt(inspected, colourPlace).at(-1)?.tokenId ?? 0;
    await texts.edit('aPlusB', { type: 'choose-alternative', slotId: slot.id, tokenId }, 'spoilt');
    expect(refining.whyNot('aPlusB')).toBeNull();
    const before = texts.text('aPlusB');
    await refining.run('aPlusB');
    await bench.until(() => {
      expect(texts.proposed.aPlusB).not.toBeNull();
    });
    expect(texts.text('aPlusB')).toBe(before);
    expect(refining.loss('aPlusB')?.after).toBeLessThan(refining.loss('aPlusB')?.before ?? 0);
    expect(writing.comparison('aPlusB')?.counts.inserted).toBeGreaterThan(0);
    writing.accept('aPlusB');
    expect(texts.text('aPlusB')).not.toBe(before);
    texts.undo();
    expect(texts.text('aPlusB')).toBe(before);
  });

  it('is opened in the Studio as a work of both its sources', async () => {
    const { page, blend } = await openWith(A, B);
    await blend.writing.run();
    await blend.openInStudio('aPlusB');
    expect(page.place.current).toBe('studio');
    expect(page.work.text).toBe('a red robot in a misty forest, watercolor');
  });
});

describe('what is typed and written', () => {
  it('is there again after a reload, with the choice of the writer', async () => {
    const store = new MemoryStorage();
    const { blend } = await openWith(A, B, store);
    await blend.writing.run();
    blend.texts.type('aPlusB', 'a red robot asleep');
    blend.texts.setOrder({ instruction: 'at night', writer: 'mine' });
    blend.keep();
    const { texts } = new Blend(bench.openPage(store));
    expect(texts.text('a')).toBe(A);
    expect(texts.text('aPlusB')).toBe('a red robot asleep');
    expect(texts.order).toMatchObject({ instruction: 'at night', writer: 'mine' });
    texts.undo();
    expect(texts.text('aPlusB')).toBe('a red robot in a misty forest, watercolor');
  });

  it('is kept when a writer breaks off, and can be gone on with', async () => {
    const { listener } = modelServer((response) => {
      startStream(response);
      response.write(chatChunk({ content: '{"aPlusB":"A red robot in a' }));
      setTimeout(() => response.destroy(), 50);
    });
    await connect('torn', listener);
    const store = new MemoryStorage();
    const { blend } = await openWith(A, B, store);
    blend.texts.setOrder({ writer: 'torn' });
    await blend.writing.run();
    expect(blend.writing.error).not.toBeNull();
    expect(blend.texts.written?.aPlusB).toBe('A red robot in a');
    blend.keep();
    const { blend: later } = await openBlend(store);
    expect(later.texts.written?.aPlusB).toBe('A red robot in a');
    await later.writing.takeWritten();
    expect(later.texts.text('aPlusB')).toBe('A red robot in a');
  });

  it('is shown while it comes, and stops at once when cancelled', async () => {
    let closed = (): void => undefined;
    const gone = new Promise<void>((resolve) => (closed = resolve));
    const { listener } = modelServer((response) => {
      response.on('close', closed);
      startStream(response);
      response.write(chatChunk({ content: '{"aPlusB":"A red' }));
    });
    await connect('slow', listener);
    const { blend } = await openWith(A, B);
    blend.texts.setOrder({ writer: 'slow' });
    const running = blend.writing.run();
    await bench.until(() => {
      expect(blend.writing.now?.aPlusB).toBe('A red');
    });
    blend.writing.cancel();
    await running;
    await gone;
    expect(blend.writing.now).toBeNull();
    expect(blend.writing.error).toBeNull();
  });

  it('that does not pass the checks stands beside the built-in blend, which can be taken', async () => {
    const { listener } = modelServer((response) => writeChat(response, JSON.stringify({ aPlusB: A, bPlusA: B })));
    await connect('parrot', listener);
    const { blend } = await openWith(A, B);
    blend.texts.setOrder({ writer: 'parrot' });
    await blend.writing.run();
    expect(blend.texts.text('aPlusB')).toBe(A);
    expect(blend.texts.state.aPlusB?.checks?.echo).toBe(true);
    blend.writing.takeBuiltIn('aPlusB');
    expect(blend.texts.text('aPlusB')).toBe('a red robot in a misty forest, watercolor');
    expect(blend.texts.state.aPlusB?.writer).toBe('builtin');
  });
});

describe('pictures of both blends', () => {
  it('are drawn with one noise, kept with their sources, and laid beside A and B', async () => {
    const { blend } = await openWith(A, B);
    const { writing, drawing } = blend;
    await writing.run();
    await drawing.draw();
    await bench.until(() => {
      expect(drawing.drawn('aPlusB')?.likeness.b).toEqual(expect.any(Number));
      expect(drawing.drawn('bPlusA')?.likeness.a).toEqual(expect.any(Number));
    });
    const [one, other] = [drawing.drawn('aPlusB')?.item.recipe, drawing.drawn('bPlusA')?.item.recipe];
    expect(one?.seed).toBe(other?.seed);
    blend.texts.type('aPlusB', 'a blue robot');
    await blend.texts.settle();
    // The picture of another text is none of this one.
    expect(drawing.drawn('aPlusB')).toBeNull();
  });

  it('are drawn by the tool that was chosen, and compared with A and B as well', async () => {
    const server = new ComfyuiServer();
    const address = await serveHttp(server.listener, server.upgrade);
    const { page, blend } = await openWith(A, B);
    const { drawPlace, writers } = page;
    await writers.add({ id: 'paints', kind: 'comfyui', address, model: 'small.safetensors' });
    await drawPlace.choose('paints');
    await drawPlace.allow();
    await blend.writing.run();
    await blend.drawing.draw();
    await bench.until(() => {
      for (const key of blendKeys) {
        const drawn = blend.drawing.drawn(key);
        expect(drawn?.item.recipe).toMatchObject({ kind: 'tool', tool: 'comfyui', text: blend.texts.text(key) });
        expect(drawn?.likeness).toEqual({ a: expect.any(Number) as number, b: expect.any(Number) as number });
      }
    });
    expect(server.asked('/prompt', 'POST')).toHaveLength(2);
  });
});
