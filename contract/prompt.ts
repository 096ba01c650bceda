import { z } from 'zod';
import { idSchema, sha256Schema } from './identity.ts';
import { alternativeSchema, patchGridSchema } from './reading.ts';

/** Where a token came from: the picture it was read from, the second picture of a blend, a language model, or the artist's hand. */
export const originSchema = z.enum(['imageA', 'imageB', 'language', 'hand']);
export type Origin = z.infer<typeof originSchema>;

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
  origin: originSchema,
  /** True while `tokenId` is what the encoder said at `position`. */
  exact: z.boolean(),
  /** The encoder's probability of this token at its position, 0..1; null for text typed by hand. */
  probability: z.number().min(0).max(1).nullable(),
  /** The encoder's query index this slot was read from, or null. */
  position: z.number().int().nonnegative().nullable(),
  alternatives: z.array(alternativeSchema),
  /** Cross-attention over the image's patches, row-major, sums to 1; null where there is none. */
  attention: z.array(z.number()).nullable(),
  /** Emphasis: 1 is neutral, 0.1..2 by keyboard steps of 0.05. */
  weight: z.number().min(0).max(2),
  /** A locked slot is kept when the rest is solved again. */
  locked: z.boolean(),
  /** A muted slot stays in the document and out of the prompt. */
  muted: z.boolean(),
});
export type Slot = z.infer<typeof slotSchema>;

/** The text of a picture as the studio keeps it: exact ids, text, weights, and the origin of every token. */
export const promptDocumentSchema = z.object({
  schemaVersion: z.literal(1),
  id: idSchema,
  packId: z.string(),
  /** Number of encoder queries this document was read with (5, 15, 75); null when it was written by hand. */
  length: z.number().int().positive().nullable(),
  /** The picture it was read from. */
  imageSha256: sha256Schema.nullable(),
  patchGrid: patchGridSchema.nullable(),
  slots: z.array(slotSchema).max(4096),
});
export type PromptDocument = z.infer<typeof promptDocumentSchema>;

/** Every way a prompt can change. Each is pure: document in, document out; untouched slots keep their ids. */
export const promptEditSchema = z.discriminatedUnion('type', [
  /** The whole running text as typed; slots outside the changed span are kept as they are. */
  z.object({ type: z.literal('set-text'), text: z.string().max(100_000) }),
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

export const exportTargetSchema = z.enum(['plain', 'midjourney', 'sdxl', 'a1111', 'comfyui']);
export type ExportTarget = z.infer<typeof exportTargetSchema>;

export const exportOptionsSchema = z.object({
  aspect: z
    .string()
    .regex(/^[1-9]\d{0,4}:[1-9]\d{0,4}$/, 'two whole numbers with a colon, such as 16:9')
    .optional(),
  negative: z.string().max(100_000).optional(),
  seed: z.number().int().nonnegative().optional(),
  steps: z.number().int().positive().optional(),
  guidance: z.number().nonnegative().optional(),
});
export type ExportOptions = z.infer<typeof exportOptionsSchema>;

/** The prompt as a tool takes it, and in `notes` whatever that tool would cut, ignore or change. */
export const exportedPromptSchema = z.object({
  target: exportTargetSchema,
  text: z.string(),
  notes: z.array(z.string()),
  budget: budgetSchema,
});
export type ExportedPrompt = z.infer<typeof exportedPromptSchema>;
