import { z } from 'zod';
import { promptDialectSchema } from './dialect.ts';
import type { PromptDialect } from './dialect.ts';
import { idSchema, sha256Schema } from '../identity.ts';
import { pictureRegionSchema, readingMethodSchema } from './reading.ts';
import type { PictureRegion, ReadingMethod } from './reading.ts';
import { pictureWorldSchema } from '../picture-world.ts';
import type { PictureWorld } from '../picture-world.ts';
import { upgradePromptVersion1 } from './prompt-version-1.ts';
import { generateSettingsSchema } from '../recipe.ts';
import type { RecordKind } from '../record.ts';

/** Where a token came from: the picture it was read from, the second picture of a blend, a language model, or the artist's hand. */
export const originSchema = z.enum(['imageA', 'imageB', 'language', 'hand']);
export type Origin = z.infer<typeof originSchema>;

/** Where tokens of a document come from. */
export const tokenSourceSchema = z.discriminatedUnion('type', [
  /** What a reader saw in a picture: contract/texts/reading.ts. */
  z.object({
    type: z.literal('reading'),
    /** Name of the stored reading; null for a text from before readings were stored, whose candidates were not kept. */
    sha256: sha256Schema.nullable(),
    packId: z.string(),
    imageSha256: sha256Schema.nullable(),
    length: z.number().int().positive(),
    /** How it was read; absent: by a trained encoder. */
    method: readingMethodSchema.optional(),
    /** The language model that saw the picture, by its connection and its name; absent where a pack alone read. */
    model: z.string().optional(),
    /** The model whose scorer had a say in the words; absent where none had, and in searches by likeness from before it was kept. */
    guide: z.string().optional(),
    /** The model whose scorer compared a drawing of the text with the picture, and guided none of its words; absent where none was asked. */
    judge: z.string().optional(),
    /** What was read of the picture; absent: all of it. */
    region: pictureRegionSchema.optional(),
    /** Absent where the pack does not measure it. */
    world: pictureWorldSchema.optional(),
  }),
  /** A text that came from elsewhere as a whole; in a blend, the first or the second of its two. */
  z.object({ type: z.literal('text'), side: z.enum(['a', 'b']).optional() }),
  /** The answer of a language model to a template of that name and version. */
  z.object({
    type: z.literal('language'),
    provider: z.string(),
    model: z.string(),
    template: z.object({ name: z.string(), version: z.number().int().positive() }),
  }),
  /** Typed by the artist. */
  z.object({ type: z.literal('hand') }),
]);
export type TokenSource = z.infer<typeof tokenSourceSchema>;

/**
 * One token of a prompt. The encoder's exact id is kept until an edit turns the place into text,
 * because De-Diffusion text often does not re-tokenise to the ids it came from.
 */
export const slotSchema = z.object({
  id: idSchema,
  tokenId: z.number().int().nonnegative(),
  /** The token's characters without the end-of-word mark. */
  text: z.string(),
  /** True when a space follows: CLIP's `</w>`. A word is a run of slots up to the first that ends a word. */
  endsWord: z.boolean(),
  /** Index into the document's `sources`. */
  source: z.number().int().nonnegative(),
  /** The place in that source this slot was read from (a reader's query index), or null. */
  position: z.number().int().nonnegative().nullable(),
  /** True while `tokenId` is what the encoder said at `position`. */
  exact: z.boolean(),
  /** The encoder's probability of this token at its position, 0..1; null for text typed by hand. */
  probability: z.number().min(0).max(1).nullable(),
  /** Emphasis: 1 is neutral, 0.1..2 by keyboard steps of 0.05. */
  weight: z.number().min(0).max(2),
  /** A locked slot is kept when the rest is solved again. Left out of most: absent is false, as with `muted`. */
  locked: z.boolean().optional(),
  /** A muted slot stays in the document and out of the prompt. */
  muted: z.boolean().optional(),
});
export type Slot = z.infer<typeof slotSchema>;

/**
 * The text of a picture as the studio keeps it: exact ids, text, weights, and the source of every token. What a reader
 * saw beside the tokens it chose lies in its reading.
 */
export const promptDocumentSchema = z
  .object({
    schemaVersion: z.literal(2),
    id: idSchema,
    packId: z.string(),
    /** Number of encoder queries this document was read with (5, 15, 75); null when it was written by hand. */
    length: z.number().int().positive().nullable(),
    /** The picture it was read from. */
    imageSha256: sha256Schema.nullable(),
    sources: z.array(tokenSourceSchema).max(4096),
    slots: z.array(slotSchema).max(4096),
  })
  .refine(({ sources, slots }) => slots.every(({ source }) => source < sources.length), 'every token has a source');
export type PromptDocument = z.infer<typeof promptDocumentSchema>;

export const promptDocumentRecord: RecordKind<PromptDocument> = {
  name: 'prompt document',
  version: 2,
  schema: promptDocumentSchema,
  steps: [upgradePromptVersion1],
};

/** Where a token came from, as it is coloured: a reading of the document's own picture, of another, a language model, or a hand. */
export function originOf({ imageSha256, sources }: Pick<PromptDocument, 'imageSha256' | 'sources'>, slot: Slot): Origin {
  const source = sources[slot.source];
  if (source?.type === 'reading') {
    return source.imageSha256 !== null && source.imageSha256 === imageSha256 ? 'imageA' : 'imageB';
  }
  if (source?.type === 'text' && source.side !== undefined) return source.side === 'a' ? 'imageA' : 'imageB';
  return source?.type === 'language' ? 'language' : 'hand';
}

/** Whether the picture that a text was read from is of the kind its reader knows; null where nothing was read or the pack does not say. */
export function worldOf({ sources }: Pick<PromptDocument, 'sources'>): PictureWorld | null {
  for (const source of sources) if (source.type === 'reading' && source.world !== undefined) return source.world;
  return null;
}

/** How a text was read; null where nothing was. */
export function methodOf({ sources }: Pick<PromptDocument, 'sources'>): ReadingMethod | null {
  const source = sources.find(({ type }) => type === 'reading');
  return source?.type === 'reading' ? (source.method ?? 'de-diffusion') : null;
}

/** The models whose scorers had a say in a text: they are no judges of it. */
export function guidesOf({ sources }: Pick<PromptDocument, 'sources'>): string[] {
  const guides = sources.flatMap((source) => {
    if (source.type !== 'reading') return [];
    const isByLikeness = source.method === 'clip-search' || source.method === 'clip-search-least';
    return source.guide ?? (isByLikeness ? source.packId : []);
  });
  return [...new Set(guides)];
}

/** A text that a judge was asked about, which guided none of it. */
export function judgedBy(document: PromptDocument, judge: string): PromptDocument {
  const sources = document.sources.map((source) => (source.type === 'reading' ? { ...source, judge } : source));
  return { ...document, sources };
}

/** The part of its picture that a text was read from; null for all of it, or where nothing was read. */
export function regionOf({ sources }: Pick<PromptDocument, 'sources'>): PictureRegion | null {
  const source = sources.find(({ type }) => type === 'reading');
  return (source?.type === 'reading' ? source.region : undefined) ?? null;
}

/** The stored reading a token was read from and its place there; null where there is none. */
export function readingOf({ sources }: Pick<PromptDocument, 'sources'>, slot: Slot): { sha256: string; position: number } | null {
  const source = sources[slot.source];
  if (source?.type !== 'reading' || source.sha256 === null || slot.position === null) return null;
  return { sha256: source.sha256, position: slot.position };
}

/** The sources with one more, and its index; one that is there already is not listed twice. */
export function listSource(sources: readonly TokenSource[], source: TokenSource): { sources: TokenSource[]; index: number } {
  const key = JSON.stringify(tokenSourceSchema.parse(source));
  const known = sources.findIndex((one) => JSON.stringify(tokenSourceSchema.parse(one)) === key);
  return known >= 0 ? { sources: [...sources], index: known } : { sources: [...sources, source], index: sources.length };
}

/** Every way a prompt can change. Each is pure: document in, document out; untouched slots keep their ids. */
export const promptEditSchema = z.discriminatedUnion('type', [
  /** The whole running text as typed; slots outside the changed span are kept as they are. */
  z.object({ type: z.literal('set-text'), text: z.string().max(100_000) }),
  /** Another token at a slot's place: one of its reading's candidates, or any of the vocabulary where no reading is stored. */
  z.object({ type: z.literal('choose-alternative'), slotId: idSchema, tokenId: z.number().int().nonnegative() }),
  z.object({ type: z.literal('delete'), slotIds: z.array(idSchema) }),
  z.object({ type: z.literal('lock'), slotIds: z.array(idSchema), locked: z.boolean() }),
  z.object({ type: z.literal('mute'), slotIds: z.array(idSchema), muted: z.boolean() }),
  z.object({ type: z.literal('weigh'), slotIds: z.array(idSchema), weight: z.number().min(0).max(2) }),
  /** Each slot from its own weight by whole steps of 0.05, within 0.1..2. */
  z.object({ type: z.literal('step-weight'), slotIds: z.array(idSchema), steps: z.number().int().min(-40).max(40) }),
  z.object({ type: z.literal('move'), slotIds: z.array(idSchema), toIndex: z.number().int().nonnegative() }),
  /** What a model heard in a picture drawn from this text takes its place; tokens in both, and locked ones, stay as they are. */
  z.object({ type: z.literal('take-heard'), heard: promptDocumentSchema }),
]);
export type PromptEdit = z.infer<typeof promptEditSchema>;

/** What one target makes of a prompt: how much of its token limit is used and what would be cut. */
export const budgetSchema = z.object({
  target: z.string(),
  tokens: z.number().int().nonnegative(),
  limit: z.number().int().positive().nullable(),
  /** Characters of the running text that still fit; null when all do. */
  keptCharacters: z.number().int().nonnegative().nullable(),
});
export type Budget = z.infer<typeof budgetSchema>;

/** One place where the text, tokenised again, no longer gives the exact ids. Ranges are slot indices, end exclusive. */
export const driftChangeSchema = z.object({
  fromSlot: z.number().int().nonnegative(),
  toSlot: z.number().int().nonnegative(),
  exactIds: z.array(z.number().int()),
  retokenisedIds: z.array(z.number().int()),
  text: z.string(),
});

export const promptInspectionSchema = z.object({
  text: z.string(),
  tokenCount: z.number().int().nonnegative(),
  budgets: z.array(budgetSchema),
  drift: z.object({ count: z.number().int().nonnegative(), changes: z.array(driftChangeSchema) }),
});
export type PromptInspection = z.infer<typeof promptInspectionSchema>;

/** One token of two texts laid side by side; each side by its index among the slots of its document. */
export const comparedTokenSchema = z.object({
  /** Null where the token is new. */
  before: z.number().int().nonnegative().nullable(),
  /** Null where the token is gone. */
  after: z.number().int().nonnegative().nullable(),
  /** `moved` is in both in another order, and may have another weight as well; `reweighted` kept its place. */
  change: z.enum(['kept', 'removed', 'inserted', 'moved', 'reweighted']),
});
export type ComparedToken = z.infer<typeof comparedTokenSchema>;

const tokenCountSchema = z.number().int().nonnegative();
/** Two texts token by token. Muted slots take no part: they are not in the prompt. */
export const promptComparisonSchema = z.object({
  /** In reading order of the text after, with what is gone where it stood; a moved token stands at its new place. */
  tokens: z.array(comparedTokenSchema),
  counts: z.object({
    kept: tokenCountSchema,
    removed: tokenCountSchema,
    inserted: tokenCountSchema,
    moved: tokenCountSchema,
    reweighted: tokenCountSchema,
  }),
});
export type PromptComparison = z.infer<typeof promptComparisonSchema>;

export const exportTargetSchema = promptDialectSchema;
export type ExportTarget = PromptDialect;

export const midjourneyVersionSchema = z.enum(['6.1', '7', '8.1', 'niji 6', 'niji 7']);
export type MidjourneyVersion = z.infer<typeof midjourneyVersionSchema>;

export const exportOptionsSchema = z.object({
  aspect: z
    .string()
    .regex(/^[1-9]\d{0,4}:[1-9]\d{0,4}$/, 'two whole numbers with a colon, such as 16:9')
    .optional(),
  negative: z.string().max(100_000).optional(),
  seed: z.number().int().nonnegative().optional(),
  steps: z.number().int().positive().optional(),
  guidance: z.number().nonnegative().optional(),
  /** For Midjourney: newer versions than 6 read no weights. */
  midjourneyVersion: midjourneyVersionSchema.optional(),
});
export type ExportOptions = z.infer<typeof exportOptionsSchema>;

/** The prompt as a tool takes it, and in `notes` whatever that tool would cut, ignore or change. */
export const exportedPromptSchema = z.object({
  target: exportTargetSchema,
  text: z.string(),
  /** For a tool that takes a second text: what the first one cuts. Null where nothing is cut, or the tool takes one. */
  second: z.string().nullable(),
  notes: z.array(z.string()),
  budget: budgetSchema,
});
export type ExportedPrompt = z.infer<typeof exportedPromptSchema>;

/** A text of another tool, read: the document with its weights, and what else stood in the text. */
export const dialectReadingSchema = z.object({
  document: promptDocumentSchema,
  negative: z.string(),
  settings: generateSettingsSchema.pick({ seed: true, steps: true, guidance: true, width: true, height: true, scheduler: true }),
  /** Sentences on what was left out, or means something the studio does not have. */
  notes: z.array(z.string()),
});
export type DialectReading = z.infer<typeof dialectReadingSchema>;

/** An edited text that is kept in the library, with the items it came from. */
export const promptToKeepSchema = z.object({
  document: promptDocumentSchema,
  parents: z.array(idSchema).default([]),
  title: z.string().max(200).default(''),
});
