import type { PromptEmbeddings } from './encode-prompts.ts';

/**
 * Texts of pictures that are drawn together, each its negative and positive or its positive alone: all negatives as one
 * tensor [pictures, tokens, width], then all positives. All must be of one shape.
 */
export function stackTexts(texts: readonly (readonly PromptEmbeddings[])[]): PromptEmbeddings[] {
  const [first = []] = texts;
  return first.map(({ shape, data }, part) => {
    const stacked = new Float32Array(texts.length * data.length);
    for (const [index, embeddings] of texts.entries()) {
      const own = embeddings[part];
      if (own?.data.length !== data.length) throw new Error('texts of several lengths in one run');
      stacked.set(own.data, index * data.length);
    }
    return { dtype: 'float32', shape: [texts.length, ...shape.slice(1)], data: stacked };
  });
}
