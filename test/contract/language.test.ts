import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Blend, BlendSource } from '../../contract/texts/blend.ts';
import { blendRequestSchema } from '../../contract/texts/blend.ts';
import { originOf } from '../../contract/texts/prompt.ts';
import { PACK_ID, hasPack, openInProcess } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { readFailure } from './read-failure.ts';

const fixture = z
  .object({ texts: z.array(z.object({ name: z.string(), text: z.string() })) })
  .parse(JSON.parse(readFileSync(new URL('../fixtures/de-diffusion-texts.json', import.meta.url), 'utf8')));
const textNamed = (name: string): string => fixture.texts.find((one) => one.name === name)?.text ?? '';

describe.skipIf(!hasPack)('language', { timeout: 180_000 }, () => {
  let test: TestStudio;

  beforeAll(async () => {
    test = await openInProcess();
  });
  afterAll(() => test.close());

  async function blend(a: BlendSource, b: BlendSource): Promise<Blend> {
    for await (const event of await test.client.language.blend(blendRequestSchema.parse({ a, b }))) {
      if (event.type === 'done') return event.blend;
    }
    throw new Error('no blend');
  }

  it('blends two texts by rules and gives documents whose words know their origin', async () => {
    const result = await blend({ type: 'text', text: textNamed('robot') }, { type: 'text', text: textNamed('deer') });
    expect(result.writer).toBe('builtin');
    expect(result.checks.aPlusB).toEqual({ subject: true, setting: true, repeats: [], glued: [], echo: false, fits: true });
    const { document, words, text } = result.aPlusB;
    expect(words.map((word) => word.text).join(' ')).toBe(text);
    expect(words.find((word) => word.text === 'robot')?.origin).toBe('imageA');
    expect(words.find((word) => word.text === 'forest')?.origin).toBe('imageB');
    expect(words.find((word) => word.text === 'tones,')?.origin).toBe('language');
    const origins = new Set(document.slots.map((slot) => originOf(document, slot)));
    expect([...origins].sort()).toEqual(['imageA', 'imageB', 'language']);
    expect((await test.client.prompts.inspect({ document })).text).toBe(text);
    // The embedded pack's few words cannot say it, which is told.
    expect(result.warnings.join(' ')).toContain(PACK_ID);
  });

  it('blends library items, keeps exact tokens of what was read, and says so when there is no text', async () => {
    const document = await test.client.prompts.create({
      text: 'flat large pig upright rightmost bottom alone pig dark orange horizon dark purple unadorned unframed',
    });
    const saved = await test.client.prompts.save({ document });
    const other: BlendSource = {
      type: 'text',
      text: 'warm tiny dog upright leftmost top alone dog pale blue plain pale blue unadorned unframed',
    };
    const result = await blend({ type: 'item', itemId: saved.id }, other);
    expect(result.aPlusB.text).toBe(
      'warm large pig upright rightmost bottom alone pig pale blue plain pale blue unadorned unframed',
    );
    expect(result.aPlusB.document.slots.map(({ tokenId }) => tokenId)).toEqual(
      (await test.client.prompts.create({ text: result.aPlusB.text })).slots.map(({ tokenId }) => tokenId),
    );
    const { samples } = await test.client.packs.info({ packId: PACK_ID });
    const picture = await test.client.images.addSample({ packId: PACK_ID, file: samples[0]?.file ?? '' });
    const body = await readFailure(blend({ type: 'item', itemId: picture.id }, other));
    expect(body).toMatchObject({ code: 'not-found', message: 'This picture has no text yet.' });
  });

  it('blends several texts, each word with the text it is from', async () => {
    const document = await test.client.prompts.create({ text: 'a red robot on a road, oil painting' });
    const sources: BlendSource[] = [
      { type: 'document', document },
      { type: 'text', text: 'a deer in a misty forest, watercolor' },
      { type: 'text', text: 'a blue ship at sea, pixel sprite' },
    ];
    const { blends, sources: read } = await test.client.language.blendSeveral({ sources });
    expect(read.map(({ text }) => text)).toContain('a blue ship at sea, pixel sprite');
    const [first] = blends;
    expect(first).toMatchObject({ text: 'a red robot in a misty forest, a pixel sprite', objects: [0], scene: 1, look: 2 });
    expect(first?.words.map(({ source }) => source)).toEqual([null, 0, 0, null, null, 1, 1, null, 2, 2]);
    expect(first?.document.sources).toContainEqual({ type: 'text' });
    expect((await test.client.prompts.inspect({ document: first?.document ?? document })).text).toBe(first?.text);
    const empty: BlendSource = { type: 'document', document: { ...document, slots: [] } };
    const body = await readFailure(test.client.language.blendSeveral({ sources: [...sources.slice(0, 2), empty] }));
    expect(body).toMatchObject({ code: 'prompt-empty', message: 'The text of C is empty.' });
  });

  it('checks a text that a person changed as it checks a writer’s', async () => {
    const a: BlendSource = { type: 'text', text: 'a red robot on a road, oil painting' };
    const b: BlendSource = { type: 'text', text: 'a deer in a misty forest, watercolor' };
    const check = (text: string, objectOf: 'a' | 'b') => test.client.language.check({ a, b, text, objectOf, limit: 75 });
    const good = { subject: true, setting: true, repeats: [], glued: [], echo: false, fits: true };
    expect(await check('A red robot in a misty forest, watercolor.', 'a')).toEqual(good);
    expect(await check('A red robot in a misty forest, watercolor.', 'b')).toMatchObject({ subject: false, setting: false });
    expect(await check('a deer in a misty forest, watercolor', 'a')).toMatchObject({ subject: false, echo: true });
  });

  it('says what a text shows as a caption, as tags, and in place of the picture', async () => {
    const source: BlendSource = { type: 'text', text: 'a red robot robot on a road, oil painting' };
    const caption = await test.client.language.ask({ source, want: 'caption' });
    expect(caption).toMatchObject({ answer: 'a red robot on a road, a painting', isTold: true });
    expect(caption.evidence.map(({ text }) => text)).toContain('robot');
    const alt = await test.client.language.ask({ source, want: 'alt' });
    expect(alt.answer).toBe('A red robot on a road, a painting.');
    const tags = await test.client.language.ask({ source, want: 'tags' });
    expect(tags.answer.split(', ')).toEqual(expect.arrayContaining(['red', 'robot', 'road']));
    expect(await readFailure(test.client.language.ask({ source }))).toMatchObject({ code: 'bad-request' });
  });
});
