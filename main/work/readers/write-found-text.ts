import type { PictureWorld } from '../../../contract/picture-world.ts';
import type { PatchGrid } from '../../../contract/texts/reading.ts';
import { writePromptDocument } from '../../image-to-text/write-prompt-document.ts';
import type { DocumentFacts, WrittenPrompt } from '../../image-to-text/write-prompt-document.ts';
import type { TriedTokens } from '../../prompt/search/token-search.ts';

export interface FoundPlaces {
  /** For each place its own word first. */
  readonly alternatives: readonly TriedTokens[];
  /** Places whose word a person holds. */
  readonly locked: ReadonlySet<number>;
  /** The tokens that were asked for. */
  readonly length: number;
  /** Of an encoder whose text was searched on from: [places, patches], and whether it knows the picture. */
  readonly attention?: Uint16Array | null;
  readonly patchGrid?: PatchGrid;
  readonly world?: PictureWorld | null;
}

/** A search looks at no patches. */
const nowhere: PatchGrid = { rows: 1, columns: 1 };

/** What a search found, as a reading and the text that names it. */
export function writeFoundText(found: FoundPlaces, topK: number | null, facts: Omit<DocumentFacts, 'patchGrid'>): WrittenPrompt {
  const { alternatives, locked, length, attention = null, patchGrid = nowhere, world = null } = found;
  const most = Math.max(1, ...alternatives.map((tried) => tried.length));
  const width = Math.min(topK ?? most, most);
  const tokenIds = new Int32Array(length * width).fill(-1);
  const probabilities = new Float32Array(length * width);
  for (let place = 0; place < length; place += 1) {
    // Places that a search left empty at the end are no places of the text.
    tokenIds[place * width] = facts.tokenizer.padId;
    for (const [rank, { tokenId, probability }] of (alternatives[place] ?? []).slice(0, width).entries()) {
      tokenIds[place * width + rank] = tokenId;
      probabilities[place * width + rank] = probability;
    }
  }
  const encoded = { length, topK: width, tokenIds, probabilities, attention, insideScores: null };
  const { document, reading } = writePromptDocument(encoded, { ...facts, patchGrid });
  const slots = document.slots.map((slot) => (locked.has(slot.position ?? -1) ? { ...slot, locked: true } : slot));
  const sources = world === null ? document.sources : document.sources.map((source) => ({ ...source, world }));
  return { document: { ...document, sources, slots }, reading };
}
