import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { originOf } from '../../../../../contract/texts/prompt.ts';
import { Blend } from '../../../../../renderer/state/blend/blend.svelte.ts';
import { runningText } from '../../../../../renderer/state/text/prompt-text.ts';
import { MemoryStorage } from '../../../../helpers/memory-storage.ts';
import { CoreBench } from '../../core-bench.ts';

const B = 'a deer in a misty forest, watercolor';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

/** A connected page and a blend on it. */
async function openBlend(store = new MemoryStorage()) {
  const page = await bench.startPage(store);
  return { page, blend: new Blend(page) };
}

describe('a blend', () => {
  it('is chosen place by place where one reader read both at one number of tokens', async () => {
    const { page, blend } = await openBlend();
    const { texts, writing, sides } = blend;
    const [first, second] = page.facts.pack?.samples ?? [];
    await sides.takeSample('a', page.facts.pack?.id ?? '', first?.file ?? '');
    await sides.takeSample('b', page.facts.pack?.id ?? '', second?.file ?? '');
    expect(sides.stage('a').error).toBeNull();
    const { places } = writing;
    expect(places?.length).toBeGreaterThan(4);
    writing.mix('aPlusB', { share: 0, byHand: {} });
    expect(texts.text('aPlusB')).toBe(texts.text('a'));
    writing.mix('aPlusB', { share: 1, byHand: {} });
    expect(texts.text('aPlusB')).toBe(texts.text('b'));
    const differing = places?.find(({ isSame }) => !isSame);
    if (differing === undefined) throw new Error('Two scenes differ.');
    writing.mix('aPlusB', { share: 0, byHand: { [String(differing.number)]: 'b' } });
    const document = texts.document('aPlusB');
    const origins = document?.slots.map((slot) => originOf(document, slot)) ?? [];
    expect(origins.filter((origin) => origin === 'imageB')).toHaveLength(differing.b.length);
  });

  it('by places stands beside what a writer made of the same two, both compared with A and B, and gives way to it', async () => {
    const store = new MemoryStorage();
    const { page, blend } = await openBlend(store);
    const { texts, writing, sides, drawing } = blend;
    const packId = page.facts.pack?.id ?? '';
    const [first, second, third] = page.facts.pack?.samples ?? [];
    await sides.takeSample('a', packId, first?.file ?? '');
    await sides.takeSample('b', packId, second?.file ?? '');
    writing.mix('aPlusB', { share: 0.5, byHand: {} });
    expect(texts.writtenBefore('aPlusB')).toBeNull();
    await sides.takeSample('b', packId, third?.file ?? '');
    await writing.run();
    if (texts.proposed.aPlusB !== null) writing.accept('aPlusB');
    const text = texts.text('aPlusB');
    expect(texts.writtenBefore('aPlusB')).toBeNull();
    await drawing.draw(['aPlusB']);
    writing.mix('aPlusB', { share: 1, byHand: {} });
    await drawing.draw(['aPlusB']);
    const scored = { a: expect.any(Number) as number, b: expect.any(Number) as number };
    await bench.until(() => {
      expect(drawing.drawnOf(texts.writtenBefore('aPlusB'))?.likeness).toEqual(scored);
      expect(drawing.drawn('aPlusB')?.likeness).toEqual(scored);
    });
    expect(drawing.drawn('aPlusB')?.item.id).not.toBe(drawing.drawnOf(texts.writtenBefore('aPlusB'))?.item.id);
    expect(texts.writtenBefore('aPlusB')).toMatchObject({ writer: 'builtin', checks: { subject: true } });

    blend.keep();
    const later = await openBlend(store);
    const written = later.blend.texts.writtenBefore('aPlusB');
    expect(runningText(written?.document.slots ?? [])).toBe(text);
    await later.blend.drawing.load();
    expect(later.blend.drawing.drawnOf(written)).not.toBeNull();
    later.blend.writing.takeWrittenBefore('aPlusB');
    expect(later.blend.texts.text('aPlusB')).toBe(text);
    // Of another scene nothing was written.
    writing.mix('aPlusB', { share: 0, byHand: {} });
    await sides.takeSample('b', packId, second?.file ?? '');
    expect(texts.writtenBefore('aPlusB')).toBeNull();
  });

  it('is mixed by what the reader held likely, and drawn between what both texts mean, beside A and B', async () => {
    const { page, blend } = await openBlend();
    const { texts, writing, sides, drawing } = blend;
    const packId = page.facts.pack?.id ?? '';
    const [first, second] = page.facts.pack?.samples ?? [];
    await sides.takeSample('a', packId, first?.file ?? '');
    await sides.takeSample('b', packId, second?.file ?? '');
    await writing.mixLikely('aPlusB', 0);
    expect(texts.text('aPlusB')).toBe(texts.text('a'));
    await Promise.all([writing.mixLikely('aPlusB', 0.3), writing.mixLikely('aPlusB', 1)]);
    expect(texts.text('aPlusB')).toBe(texts.text('b'));
    expect(texts.state.aPlusB?.mix).toEqual({ share: 1, how: 'likely', byHand: {} });
    await drawing.drawBetween(0.25);
    await bench.until(() => {
      expect(drawing.between?.likeness).toEqual({ a: expect.any(Number) as number, b: expect.any(Number) as number });
    });
    const recipe = drawing.between?.item.recipe;
    expect(recipe?.kind === 'local' ? recipe.mixed : null).toMatchObject({ text: texts.text('b'), share: 0.25 });
    expect(recipe?.text).toBe(texts.text('a'));
    await sides.takeText('b', B);
    await expect(writing.mixLikely('aPlusB', 0.5)).rejects.toThrow('cannot be mixed');
  });
});
