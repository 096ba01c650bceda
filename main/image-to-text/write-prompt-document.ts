import { randomUUID } from 'node:crypto';
import type { PromptDocument, Slot } from '../../contract/prompt.ts';
import type { Alternative, PatchGrid } from '../../contract/reading.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { attentionOne } from '../../contract/reading.ts';
import type { EncodedLength } from './encoded-length.ts';

export interface DocumentFacts {
  readonly packId: string;
  readonly imageSha256: string | null;
  readonly patchGrid: PatchGrid;
  readonly tokenizer: Tokenizer;
}

/**
 * What the encoder said becomes a prompt document: one slot a position with its exact id, its candidates (the chosen
 * token first) and its attention. Positions at the end that hold only end or padding tokens give no slot; the text
 * encoder's input is padded with them anyway. Probabilities keep 6 decimals and attention 5: what a person can see.
 */
export function writePromptDocument(encoded: EncodedLength, facts: DocumentFacts): PromptDocument {
  const id = randomUUID();
  const slots = Array.from({ length: writtenLength(encoded, facts.tokenizer) }, (_, position) =>
    writeSlot(encoded, position, `${id.slice(-12)}-${position}`, facts),
  );
  const { packId, imageSha256, patchGrid } = facts;
  return { schemaVersion: 1, id, packId, length: encoded.length, imageSha256, patchGrid, slots };
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

function writeSlot(encoded: EncodedLength, position: number, id: string, facts: DocumentFacts): Slot {
  const alternatives = Array.from({ length: encoded.topK }, (_, rank) =>
    writeAlternative(encoded, position * encoded.topK + rank, facts.tokenizer),
  );
  const tokenId = encoded.tokenIds[position * encoded.topK] ?? 0;
  return {
    id,
    tokenId,
    ...facts.tokenizer.tokenText(tokenId),
    origin: 'imageA',
    exact: true,
    probability: alternatives[0]?.probability ?? null,
    position,
    alternatives,
    attention: readAttention(encoded, position, facts.patchGrid),
    weight: 1,
    locked: false,
    muted: false,
  };
}

function writeAlternative(encoded: EncodedLength, index: number, tokenizer: Tokenizer): Alternative {
  const tokenId = encoded.tokenIds[index] ?? 0;
  const probability = Math.min(1, Math.max(0, Math.round((encoded.probabilities[index] ?? 0) * 1e6) / 1e6));
  return { tokenId, text: tokenizer.tokenText(tokenId).text, probability };
}

function readAttention({ attention }: EncodedLength, position: number, { rows, columns }: PatchGrid): number[] | null {
  if (attention === null) return null;
  const patches = rows * columns;
  const shares: number[] = [];
  // A loop, because Array.from with a function took most of the host's time while hundreds of images were read.
  for (let patch = 0; patch < patches; patch++) {
    const share = (attention[position * patches + patch] ?? 0) / attentionOne;
    shares.push(Math.round(share * 1e5) / 1e5);
  }
  return shares;
}
