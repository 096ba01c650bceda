import { z } from 'zod';
import { idSchema, sha256Schema } from '../identity.ts';
import { alternativeSchema, attentionOne, patchGridSchema } from './reading.ts';
import type { Reading } from './reading.ts';

const slotVersion1Schema = z.object({
  id: idSchema,
  tokenId: z.number().int().nonnegative(),
  text: z.string(),
  endsWord: z.boolean(),
  origin: z.enum(['imageA', 'imageB', 'language', 'hand']),
  exact: z.boolean(),
  probability: z.number().min(0).max(1).nullable(),
  position: z.number().int().nonnegative().nullable(),
  /** Left out where a queue or a journal kept the text without them. */
  alternatives: z.array(alternativeSchema).default([]),
  attention: z.array(z.number()).nullable().default(null),
  weight: z.number().min(0).max(2),
  locked: z.boolean(),
  muted: z.boolean(),
});
type SlotVersion1 = z.infer<typeof slotVersion1Schema>;

/** A document whose slots carried their candidates and attention themselves. */
const promptVersion1Schema = z.object({
  schemaVersion: z.literal(1),
  id: idSchema,
  packId: z.string(),
  length: z.number().int().positive().nullable(),
  imageSha256: sha256Schema.nullable(),
  patchGrid: patchGridSchema.nullable(),
  slots: z.array(slotVersion1Schema).max(4096),
});
type PromptVersion1 = z.infer<typeof promptVersion1Schema>;

const origins = ['imageA', 'imageB', 'language', 'hand'] as const;

/** The origins that occur, in the order in which version 2 lists them as sources. */
function originsOf({ slots }: PromptVersion1): readonly (typeof origins)[number][] {
  return origins.filter((origin) => slots.some((slot) => slot.origin === origin));
}

/** Slots of one origin with the position each has in its reading: heard tokens had none, so they are counted. */
function placesOf(document: PromptVersion1, origin: SlotVersion1['origin']): { slot: SlotVersion1; position: number | null }[] {
  const slots = document.slots.filter((slot) => slot.origin === origin);
  return slots.map((slot, index) => ({ slot, position: origin === 'imageB' ? index : slot.position }));
}

/**
 * Step 1 → 2 of a prompt document. Its readings are not known by name yet (`sha256: null`): where candidates must not be lost,
 * `readingsFromVersion1` makes the readings, and who can store them fills the names in.
 *
 * @throws z.ZodError for a value that is no document of version 1
 */
export function upgradePromptVersion1(older: unknown) {
  const document = promptVersion1Schema.parse(older);
  const { id, packId, length, imageSha256 } = document;
  const listed = originsOf(document);
  const positions = new Map(
    listed.flatMap((origin) => placesOf(document, origin).map(({ slot, position }) => [slot, position] as const)),
  );
  const slots = document.slots.map((slot) => {
    const { origin, tokenId, text, endsWord, exact, probability, weight, locked, muted } = slot;
    const source = listed.indexOf(origin);
    const position = positions.get(slot) ?? null;
    return {
      ...{ id: slot.id, tokenId, text, endsWord, source, position, exact, probability, weight },
      ...(locked ? { locked } : {}),
      ...(muted ? { muted } : {}),
    };
  });
  return {
    schemaVersion: 2 as const,
    id,
    packId,
    length,
    imageSha256,
    sources: listed.map((origin) => toSource(document, origin)),
    slots,
  };
}

function toSource(document: PromptVersion1, origin: SlotVersion1['origin']) {
  const { packId, imageSha256, length } = document;
  switch (origin) {
    case 'imageA':
      return { type: 'reading' as const, sha256: null, packId, imageSha256, length: length ?? 1 };
    case 'imageB':
      // Which picture it was heard in was not written down.
      return { type: 'reading' as const, sha256: null, packId, imageSha256: null, length: length ?? 1 };
    case 'language':
      // Nothing more was written down.
      return { type: 'language' as const, provider: 'unknown', model: 'unknown', template: { name: 'unknown', version: 1 } };
    case 'hand':
      return { type: 'hand' as const };
  }
}

/** The readings a document of version 1 carried in its slots, by the index of their source in the upgraded document. */
export function readingsFromVersion1(older: unknown): ReadonlyMap<number, Reading> {
  const document = promptVersion1Schema.parse(older);
  const readings = new Map<number, Reading>();
  originsOf(document).forEach((origin, index) => {
    const places = placesOf(document, origin);
    if (places.some(({ slot }) => slot.alternatives.length > 0)) readings.set(index, gather(document, places));
  });
  return readings;
}

function gather(document: PromptVersion1, places: readonly { slot: SlotVersion1; position: number | null }[]): Reading {
  const patchGrid = document.patchGrid ?? { rows: 1, columns: 1 };
  const patches = patchGrid.rows * patchGrid.columns;
  const positions = Math.max(0, ...places.map(({ position }) => (position ?? -1) + 1));
  const topK = Math.max(1, ...places.map(({ slot }) => slot.alternatives.length));
  const tokenIds = new Int32Array(positions * topK).fill(-1);
  const probabilities = new Float32Array(positions * topK);
  const attention = places.some(({ slot }) => slot.attention !== null) ? new Uint16Array(positions * patches) : null;
  const texts = new Map<number, string>();
  for (const { slot, position } of places) {
    if (position === null) continue;
    slot.alternatives.forEach(({ tokenId, text, probability }, rank) => {
      tokenIds[position * topK + rank] = tokenId;
      probabilities[position * topK + rank] = probability;
      texts.set(tokenId, text);
    });
    slot.attention?.slice(0, patches).forEach((share, patch) => {
      if (attention !== null) attention[position * patches + patch] = Math.round(share * attentionOne);
    });
  }
  return {
    schemaVersion: 1,
    reader: { method: 'de-diffusion', packId: document.packId, packVersion: null },
    imageSha256: document.imageSha256,
    length: document.length ?? Math.max(1, positions),
    patchGrid,
    ...{ positions, topK, tokenIds, probabilities, attention, texts },
  };
}
