import { createHash, randomUUID } from 'node:crypto';
import type { PictureWorld } from '../../contract/picture-world.ts';
import type { PromptDocument, Slot } from '../../contract/texts/prompt.ts';
import { chosenProbability, encodeReading } from '../../contract/texts/reading.ts';
import type { PatchGrid, Reading, ReadingMethod } from '../../contract/texts/reading.ts';
import type { SearchLoss } from '../../contract/texts/reader-choice.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { EncodedLength } from './encoded-length.ts';

export interface DocumentFacts {
  readonly packId: string;
  readonly packVersion: string;
  readonly imageSha256: string | null;
  readonly patchGrid: PatchGrid;
  readonly method: ReadingMethod;
  /** Of a captioner: the language model that saw. */
  readonly model?: string;
  /** The pack whose scorer had a say in the words. */
  readonly guide?: string;
  readonly tokenizer: Tokenizer;
  /** The least `insideScores` of a picture that the pack knows (contract/models/pack.ts, `inside`); absent where the pack does not say. */
  readonly insideThreshold?: number | undefined;
}

/** A text as it was read, and the bytes of its reading (contract/texts/reading.ts), which the text names by their sha256. */
export interface WrittenPrompt {
  readonly document: PromptDocument;
  readonly reading: Uint8Array;
  /** Of a search by the decoder's loss. */
  readonly loss?: SearchLoss;
}

/**
 * What a reader said becomes a prompt document, one slot a position with its exact id, and a reading, which holds the
 * candidates (the chosen token first) and the attention. Positions at the end that hold only end or padding tokens give
 * no slot; the text encoder's input is padded with them anyway.
 */
export function writePromptDocument(encoded: EncodedLength, facts: DocumentFacts): WrittenPrompt {
  const id = randomUUID();
  const { packId, imageSha256, tokenizer } = facts;
  const reading = writeReading(encoded, facts);
  const bytes = encodeReading(reading);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const slots = Array.from({ length: reading.positions }, (_, position): Slot => {
    const tokenId = encoded.tokenIds[position * encoded.topK] ?? 0;
    return {
      id: `${id.slice(-6)}-${position}`,
      tokenId,
      ...tokenizer.tokenText(tokenId),
      source: 0,
      position,
      exact: true,
      probability: chosenProbability(reading, position),
      weight: 1,
    };
  });
  const { length } = encoded;
  const world = worldOfPicture(encoded, facts);
  const method = facts.method === 'de-diffusion' ? {} : { method: facts.method };
  const model = facts.model === undefined ? {} : { model: facts.model };
  const guide = facts.guide === undefined ? {} : { guide: facts.guide };
  const said = { ...method, ...model, ...guide, ...(world === null ? {} : { world }) };
  const sources = [{ type: 'reading' as const, sha256, packId, imageSha256, length, ...said }];
  return { document: { schemaVersion: 2, id, packId, length, imageSha256, sources, slots }, reading: bytes };
}

/** Four decimals: more than a person sees, and a text is small. The verdict is of the number that is kept. */
function worldOfPicture(
  { insideScores }: EncodedLength,
  { insideThreshold }: Pick<DocumentFacts, 'insideThreshold'>,
): PictureWorld | null {
  const said = insideScores?.[0];
  if (said === undefined || insideThreshold === undefined) return null;
  const score = Math.min(1, Math.max(0, Math.round(said * 1e4) / 1e4));
  return { inside: score >= insideThreshold, score, threshold: insideThreshold };
}

function writeReading(
  encoded: EncodedLength,
  { packId, packVersion, imageSha256, patchGrid, method, model, tokenizer }: DocumentFacts,
): Reading {
  const { length, topK } = encoded;
  const positions = writtenLength(encoded, tokenizer);
  const tokenIds = encoded.tokenIds.slice(0, positions * topK);
  return {
    // The same bytes for the same reading, whichever studio wrote them.
    schemaVersion: method === 'de-diffusion' ? 1 : model === undefined ? 2 : 3,
    reader: { method, packId, packVersion, ...(model === undefined ? {} : { model }) },
    ...{ imageSha256, length, patchGrid, positions, topK, tokenIds },
    probabilities: encoded.probabilities.slice(0, positions * topK),
    attention: encoded.attention?.slice(0, positions * patchGrid.rows * patchGrid.columns) ?? null,
    texts: new Map([...new Set(tokenIds)].filter((id) => id >= 0).map((id) => [id, tokenizer.tokenText(id).text])),
  };
}

function writtenLength({ length, topK, tokenIds }: EncodedLength, tokenizer: Tokenizer): number {
  let written = length;
  while (written > 0) {
    const last = tokenIds[(written - 1) * topK];
    if (last !== tokenizer.eosId && last !== tokenizer.padId) break;
    written -= 1;
  }
  return written;
}
