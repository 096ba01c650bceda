import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PictureTextChoice } from '../../contract/settings.ts';
import { readPictureTexts } from '../../main/image/decode/read-picture-texts.ts';
import { hasPack, openInProcess } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { waitForJob } from './wait-for-job.ts';

describe.skipIf(!hasPack)('what a picture that was drawn here says of itself', () => {
  let test: TestStudio;
  beforeAll(async () => {
    test = await openInProcess();
  });
  afterAll(() => test.close());

  async function draw(pictureTexts: PictureTextChoice) {
    await test.client.settings.update({ pictureTexts });
    const created = await test.client.prompts.create({ text: 'a red (fox)' });
    const slots = created.slots.map((slot) => (slot.text === 'red' ? { ...slot, weight: 1.3 } : slot));
    const prompt = { type: 'document' as const, document: { ...created, slots } };
    const settings = { seed: 7, steps: 2, count: 1, negative: 'dog, (cat)' };
    const { id } = await test.client.jobs.submit({ kind: 'generate', prompt, settings });
    const job = await waitForJob(test.client, id);
    const itemId = job.result?.kind === 'generate' ? job.result.items[0]?.id : undefined;
    const item = await test.client.library.get({ itemId: itemId ?? '' });
    if (item.kind !== 'generation') throw new Error('nothing was drawn');
    const { sha256 } = item.image;
    const { texts } = readPictureTexts(await test.studio.readImage(sha256), 'image/png');
    return { texts: new Map(texts.map(({ key, text }) => [key, text])), ...(await test.client.images.metadata({ sha256 })) };
  }

  it('is its recipe, unless it is told otherwise', async () => {
    const { pictureTexts } = (await test.client.settings.get()).settings;
    expect(pictureTexts).toEqual({ recipe: true, a1111: false, comfyui: false });
    const { texts, metadata } = await draw(pictureTexts);
    expect([...texts.keys()]).toEqual(['Software', 'dediffusion']);
    expect(metadata).toMatchObject({ writer: 'dediffusion', negative: 'dog, (cat)', seed: '7', steps: 2 });
  });

  it('is nothing where the artist wants nothing', async () => {
    const { texts, metadata } = await draw({ recipe: false, a1111: false, comfyui: false });
    expect([...texts]).toEqual([]);
    expect(metadata).toBeNull();
  });

  it('is what other tools read, in their own form, and nothing of the machine', async () => {
    const { texts } = await draw({ recipe: false, a1111: true, comfyui: true });
    expect([...texts.keys()]).toEqual(['parameters', 'prompt']);
    const [prompt, negative, last] = (texts.get('parameters') ?? '').split('\n');
    expect(prompt).toBe('a (red:1.3) \\( fox \\)');
    expect(negative).toBe('Negative prompt: dog, \\(cat\\)');
    expect(last).toMatch(
      /^Steps: 2, Sampler: .+, CFG scale: .+, Seed: 7, Size: \d+x\d+, Model: tiny-scenes, Version: De-Diffusion Studio/,
    );
    expect(JSON.parse(texts.get('prompt') ?? '')).toMatchObject({ 3: { class_type: 'KSampler', inputs: { seed: 7, steps: 2 } } });
    for (const text of texts.values()) {
      expect(text).not.toContain(test.studio.dataFolder);
      expect(text).not.toMatch(/\/(?:home|tmp|root|Users)\/|[A-Z]:\\\\/);
    }
  });
});
