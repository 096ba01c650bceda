import type { ImageFacts, NewGeneration, NewPicture, NewPrompt } from '../../../main/library/library.ts';
import type { LocalRecipe } from '../../../contract/recipe.ts';

export const FACTS: ImageFacts = {
  width: 64,
  height: 48,
  mediaType: 'image/png',
  thumbhash: 'YJqGPQw7sFlslqhFafSE+Q6oJ1h2iHB2Rw==',
};

/** The library does not look into image bytes, so any bytes are a picture to it. */
export function samplePicture(title: string, bytes: Uint8Array = Buffer.from(title)): NewPicture {
  return { bytes, facts: FACTS, title };
}

export function samplePrompt(text: string, parents: readonly string[] = []): NewPrompt {
  const slots = text.split(' ').map((word, position) => ({
    id: `slot-${position}`,
    tokenId: position,
    text: word,
    endsWord: true,
    source: 0,
    exact: true,
    probability: 0.5,
    position,
    weight: 1,
  }));
  const prompt = {
    schemaVersion: 2 as const,
    id: 'document-1',
    packId: 'tiny',
    length: 5,
    imageSha256: null,
    sources: [{ type: 'text' as const }],
    slots,
  };
  return { prompt, text, title: `Prompt: ${text.slice(0, 20)}`, parents };
}

export function sampleRecipe(text: string): LocalRecipe {
  return {
    schemaVersion: 7,
    kind: 'local',
    pack: { id: 'tiny', version: '1.0.0', manifestSha256: 'ab'.repeat(32) },
    tokenIds: [1, 2, 3],
    tokenWeights: [1, 1, 1],
    text,
    negative: 'blurry',
    steps: 20,
    guidance: 3,
    seed: 4711,
    scheduler: 'ddim',
    width: 64,
    height: 64,
    init: null,
    device: 'cpu',
    versions: { studio: '0.1.0', onnxruntime: '1.30.0' },
  };
}

export function sampleGeneration(text: string, parents: readonly string[] = []): NewGeneration {
  return {
    bytes: Buffer.from(`generated ${text}`),
    facts: FACTS,
    recipe: sampleRecipe(text),
    fidelity: null,
    title: 'Generated',
    parents,
  };
}
