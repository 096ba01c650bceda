import type { Library } from '../library/library.ts';
import type { Scorer } from '../ports/scorer.ts';
import type { RunContext } from '../running/run-context.ts';
import type { Embed } from './kept-vectors.ts';
import type { TextRef } from './list-texts.ts';

interface Parts {
  readonly library: Library;
  readonly scorer: Scorer;
  readonly context: RunContext;
}

/** Looks at the pictures that the library still has; the others have no vector. */
export function embedPresent(
  library: Library,
  embed: (paths: readonly string[]) => Promise<readonly (Float32Array | null)[]>,
): Embed<{ readonly sha256: string }> {
  return async (pictures) => {
    const present = pictures.filter(({ sha256 }) => library.hasImage(sha256));
    if (present.length === 0) return pictures.map(() => null);
    const vectors = await embed(present.map(({ sha256 }) => library.getImagePath(sha256)));
    const found = new Map(present.map((picture, at) => [picture, vectors[at] ?? null]));
    return pictures.map((picture) => found.get(picture) ?? null);
  };
}

/** One scorer's way from pictures and from texts to vectors. Picture and text vectors can be compared with each other. */
export function createEmbedders({ library, scorer, context }: Parts): {
  readonly pictures: Embed<{ readonly sha256: string }>;
  readonly texts: Embed<Pick<TextRef, 'sha256' | 'text'>>;
} {
  return {
    pictures: embedPresent(library, async (images) => (await scorer.embed({ images, texts: [] }, context)).images),
    texts: async (texts) => (await scorer.embed({ images: [], texts: texts.map(({ text }) => text) }, context)).texts,
  };
}
