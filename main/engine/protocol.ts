import { z } from 'zod';
import { errorBodySchema } from '../../contract/errors.ts';
import { decoderRoleSchema, encoderRoleSchema, scorerRoleSchema } from '../../contract/models/pack.ts';
import { previewerRoleSchema } from '../../contract/models/previewer-role.ts';
import { captionerRoleSchema } from '../../contract/models/text-roles.ts';
import { emphasisSchema, mixedPromptSchema, schedulerNameSchema, seedSchema } from '../../contract/recipe.ts';
import { deviceSchema } from '../../contract/studio-info.ts';
import { remoteAnswerSchema, remoteAskSchema } from './remote/remote-messages.ts';
import { engineFeaturesRequestSchema } from './scoring/features-request.ts';

/**
 * What host and engine say to each other. Messages travel over Node's IPC channel with `serialization: 'advanced'`,
 * so typed arrays and bytes arrive as they left; each side parses what it receives.
 */

const bytesSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const float32Schema = z.custom<Float32Array>((value) => value instanceof Float32Array);
const uint16Schema = z.custom<Uint16Array>((value) => value instanceof Uint16Array);
const int32Schema = z.custom<Int32Array>((value) => value instanceof Int32Array);

/** A picture for the engine: an absolute path, read there, or the file's bytes. */
export const imageSourceSchema = z.union([z.string().min(1), bytesSchema]);

export const engineEncodeRequestSchema = z.object({
  /** Absolute path of the pack; the paths in `encoder` are inside it. */
  packFolder: z.string(),
  packId: z.string(),
  packVersion: z.string(),
  encoder: encoderRoleSchema,
  /** The smallest side in pixels the pack can read. */
  minImageSide: z.number().int().positive(),
  images: z.array(z.object({ source: imageSourceSchema, imageSha256: z.string().nullable() })),
  lengths: z.array(z.number().int().positive()).min(1),
  /** Alternatives a slot, at most what the pack's graphs give; absent: all of them. */
  topK: z.number().int().positive().optional(),
});
export type EngineEncodeRequest = z.infer<typeof engineEncodeRequestSchema>;

/** How a prompt is read, besides its words. */
const promptOptionsSchema = z.object({
  secondPrompt: z.string().optional(),
  clipSkip: z.number().int().nonnegative().optional(),
  emphasis: emphasisSchema.optional(),
});

export const engineGenerateRequestSchema = promptOptionsSchema.extend({
  packFolder: z.string(),
  decoder: decoderRoleSchema,
  /** Exact ids with one weight each, or text for the decoder's tokenizer. */
  prompt: z.discriminatedUnion('type', [
    z.object({
      type: z.literal('tokens'),
      tokenIds: z.array(z.number().int().nonnegative()),
      tokenWeights: z.array(z.number().nonnegative()),
    }),
    z.object({ type: z.literal('text'), text: z.string() }),
  ]),
  /** Another text that is mixed into it; absent: none. */
  mixed: mixedPromptSchema.optional(),
  negative: z.string(),
  steps: z.number().int().positive(),
  guidance: z.number().nonnegative(),
  guidanceRescale: z.number().min(0).max(1).optional(),
  guidanceFromTimestep: z.number().nonnegative().optional(),
  /** Picture i of `count` uses seed + i. */
  seed: seedSchema,
  count: z.number().int().positive(),
  scheduler: schedulerNameSchema,
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** The mask is a picture of the same size; what is white in it is drawn anew. */
  init: z
    .object({ source: imageSourceSchema, strength: z.number().min(0).max(1), mask: imageSourceSchema.optional() })
    .nullable(),
  /** With it every picture is scored against the original. */
  fidelity: z.object({ scorer: scorerRoleSchema, original: imageSourceSchema }).nullable(),
  /** A small picture of the current estimate after every step. */
  previews: z.boolean(),
  /** Tiny autoencoders that such pictures may be made with, each in the folder of its pack; absent: none is here. */
  previewers: z.array(z.object({ packFolder: z.string(), previewer: previewerRoleSchema })).optional(),
});
export type EngineGenerateRequest = z.infer<typeof engineGenerateRequestSchema>;

export const engineScoreRequestSchema = z.object({
  packFolder: z.string(),
  scorer: scorerRoleSchema,
  original: imageSourceSchema,
  candidates: z.array(imageSourceSchema),
});
export type EngineScoreRequest = z.infer<typeof engineScoreRequestSchema>;

export const engineEmbedRequestSchema = z.object({
  packFolder: z.string(),
  scorer: scorerRoleSchema,
  images: z.array(imageSourceSchema),
  texts: z.array(z.string()),
  /** Texts of exact tokens: rows of `length` ids flattened, −1 after the last of a shorter one. */
  rows: z.object({ length: z.number().int().positive(), tokenIds: int32Schema }).optional(),
});
export type EngineEmbedRequest = z.infer<typeof engineEmbedRequestSchema>;

const triedSchema = z.array(z.array(z.object({ tokenId: z.number().int(), probability: z.number() })).readonly()).readonly();
const searchStateSchema = z.object({
  tokenIds: z.array(z.number().int()).readonly(),
  sweeps: z.number().int(),
  tried: triedSchema,
});

/** A search of words by likeness: prompt/search/token-search.ts. */
export const engineSearchRequestSchema = z.object({
  packFolder: z.string(),
  scorer: scorerRoleSchema,
  order: z.object({
    picture: float32Schema,
    shortlist: z.array(z.number().int().nonnegative()).readonly(),
    table: z.object({ tokenIds: int32Schema, width: z.number().int().positive(), vectors: float32Schema }),
    length: z.number().int().positive(),
    given: z.array(z.object({ tokenId: z.number().int().nonnegative(), isLocked: z.boolean() })).readonly(),
    aim: z.enum(['most', 'least']),
    diversity: z.number().nonnegative(),
    seed: seedSchema,
  }),
  earlier: searchStateSchema.nullable(),
});
export type EngineSearchRequest = z.infer<typeof engineSearchRequestSchema>;

/** Several texts drawn with the same seeds and settings, each picture compared with the original. */
export const engineMeasureRequestSchema = promptOptionsSchema.extend({
  packFolder: z.string(),
  decoder: decoderRoleSchema,
  scorer: scorerRoleSchema,
  original: imageSourceSchema,
  prompts: z
    .array(z.object({ tokenIds: z.array(z.number().int().nonnegative()), tokenWeights: z.array(z.number().nonnegative()) }))
    .min(1),
  seeds: z.array(seedSchema).min(1),
  negative: z.string(),
  steps: z.number().int().positive(),
  guidance: z.number().nonnegative(),
  guidanceRescale: z.number().min(0).max(1).optional(),
  guidanceFromTimestep: z.number().nonnegative().optional(),
  scheduler: schedulerNameSchema,
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});
export type EngineMeasureRequest = z.infer<typeof engineMeasureRequestSchema>;

/** Texts judged by the denoiser's own loss on a picture, all at the same looks. */
export const engineJudgeRequestSchema = promptOptionsSchema.extend({
  packFolder: z.string(),
  decoder: decoderRoleSchema,
  original: z.union([z.object({ source: imageSourceSchema }), z.object({ latents: float32Schema })]),
  texts: z
    .array(z.object({ tokenIds: z.array(z.number().int().nonnegative()), tokenWeights: z.array(z.number().nonnegative()) }))
    .min(1),
  looks: z.array(z.object({ seed: seedSchema, level: z.number().gt(0).lt(1) })).min(1),
  /** Which parts of the picture count; absent: all of it. */
  cells: z.object({ rows: z.number().int().positive(), columns: z.number().int().positive(), weights: float32Schema }).optional(),
  /** Tokens of a row that texts are read in, where the graphs allow it; absent: as texts are drawn. */
  rowLength: z.number().int().positive().optional(),
  /** Size the pictures are judged at, in pixels. */
  ...{ width: z.number().int().positive(), height: z.number().int().positive() },
});
export type EngineJudgeRequest = z.infer<typeof engineJudgeRequestSchema>;

/** What a picture shows, in about so many words at most. */
export const engineCaptionRequestSchema = z.object({
  packFolder: z.string(),
  captioner: captionerRoleSchema,
  source: imageSourceSchema,
  /** Of the picture, in pixels. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  words: z.number().int().positive(),
});
export type EngineCaptionRequest = z.infer<typeof engineCaptionRequestSchema>;

const requestIdSchema = z.number().int().nonnegative();

/** The request a message is about, though the message itself cannot be read; null where it names none. */
export function readRequestId(message: unknown): number | null {
  return z.object({ requestId: requestIdSchema }).safeParse(message).data?.requestId ?? null;
}

const limitsSchema = z.object({ memoryBudgetBytes: z.number().positive(), unloadAfterIdleMs: z.number().positive() });
/** How much memory sessions may take, and how long they stay without a request. */
export type EngineLimits = z.infer<typeof limitsSchema>;

/** Host → engine. `start` comes first and once; `limits` and `avoid` hold from then on and have no answer. */
export const engineCommandSchema = z.discriminatedUnion('type', [
  limitsSchema.extend({ type: z.literal('start') }),
  limitsSchema.extend({ type: z.literal('limits') }),
  /** Absolute paths of graphs that are not to be loaded, because they ended an engine before. */
  z.object({ type: z.literal('avoid'), graphs: z.array(z.string()) }),
  z.object({ type: z.literal('encode'), requestId: requestIdSchema, request: engineEncodeRequestSchema }),
  z.object({ type: z.literal('generate'), requestId: requestIdSchema, request: engineGenerateRequestSchema }),
  z.object({ type: z.literal('score'), requestId: requestIdSchema, request: engineScoreRequestSchema }),
  z.object({ type: z.literal('embed'), requestId: requestIdSchema, request: engineEmbedRequestSchema }),
  z.object({ type: z.literal('features'), requestId: requestIdSchema, request: engineFeaturesRequestSchema }),
  z.object({ type: z.literal('search'), requestId: requestIdSchema, request: engineSearchRequestSchema }),
  z.object({ type: z.literal('measure'), requestId: requestIdSchema, request: engineMeasureRequestSchema }),
  z.object({ type: z.literal('judge'), requestId: requestIdSchema, request: engineJudgeRequestSchema }),
  z.object({ type: z.literal('caption'), requestId: requestIdSchema, request: engineCaptionRequestSchema }),
  z.object({ type: z.literal('unload'), requestId: requestIdSchema }),
  z.object({ type: z.literal('cancel'), requestId: requestIdSchema }),
  /** To a `remote-ask`; it belongs to the request that runs. */
  remoteAnswerSchema.extend({ type: z.literal('remote-answer') }),
]);
export type EngineCommand = z.infer<typeof engineCommandSchema>;

/** What one length's head said about a batch: image-to-text/encoded-length.ts. */
const encodedLengthSchema = z.object({
  length: z.number().int().positive(),
  topK: z.number().int().positive(),
  tokenIds: int32Schema,
  probabilities: float32Schema,
  attention: uint16Schema.nullable(),
  insideScores: float32Schema.nullable(),
});

/** Images travel a batch at a time: a message costs more than what it says of one image. `place` counts the `read` images of `lengths`. */
const encodedImagesSchema = z.object({
  type: z.literal('encoded-images'),
  requestId: requestIdSchema,
  images: z.array(
    z.object({
      imageIndex: z.number().int().nonnegative(),
      place: z.number().int().nonnegative().nullable(),
      error: errorBodySchema.nullable(),
    }),
  ),
  lengths: z.array(encodedLengthSchema),
  read: z.number().int().nonnegative(),
});
export type EncodedImagesMessage = z.infer<typeof encodedImagesSchema>;

const progressSchema = z.object({
  fraction: z.number().min(0).max(1),
  phase: z.enum(['waiting', 'loading', 'encoding', 'denoising', 'decoding', 'scoring', 'saving', 'downloading', 'converting']),
  step: z.number().int().nonnegative(),
  steps: z.number().int().nonnegative(),
});

const memorySchema = z.object({ memoryBytes: z.number().nonnegative(), loadedSessions: z.array(z.string()) });

/** What the engine says. Every request ends with exactly one of `done`, `cancelled` or `failed`. */
const engineMessageSchema = z.discriminatedUnion('type', [
  memorySchema.extend({ type: z.literal('ready') }),
  z.object({ type: z.literal('progress'), requestId: requestIdSchema, progress: progressSchema }),
  z.object({
    type: z.literal('preview'),
    requestId: requestIdSchema,
    imageIndex: z.number().int().nonnegative(),
    step: z.number().int().nonnegative(),
    png: bytesSchema,
  }),
  encodedImagesSchema,
  z.object({
    type: z.literal('generated-image'),
    requestId: requestIdSchema,
    imageIndex: z.number().int().nonnegative(),
    seed: seedSchema,
    width: z.number().int().positive(),
    height: z.number().int().positive(),
    png: bytesSchema,
    fidelity: z.number().min(0).max(1).nullable(),
  }),
  z.object({
    type: z.literal('measured-picture'),
    requestId: requestIdSchema,
    promptIndex: z.number().int().nonnegative(),
    seed: seedSchema,
    fidelity: z.number().min(0).max(1),
    png: bytesSchema,
  }),
  z.object({ type: z.literal('scores'), requestId: requestIdSchema, scores: z.array(z.number().min(0).max(1)) }),
  /** One vector of length 1 a picture and a text, in order; null for a picture that cannot be read. */
  z.object({
    type: z.literal('embeddings'),
    requestId: requestIdSchema,
    images: z.array(float32Schema.nullable()),
    texts: z.array(float32Schema),
    /** [rows, width] flattened; empty where none were asked for. */
    rows: float32Schema,
  }),
  /** Inception's features of each picture, in order; null for one that cannot be read. */
  z.object({ type: z.literal('features'), requestId: requestIdSchema, images: z.array(float32Schema.nullable()) }),
  /** The best text so far, now and then; the last one is what the search found. */
  z.object({
    type: z.literal('found-text'),
    requestId: requestIdSchema,
    text: z.object({ tokenIds: z.array(z.number().int()).readonly(), alternatives: triedSchema, likeness: z.number() }),
  }),
  /** After the growth and each sweep: where the search goes on if the engine ends now. */
  z.object({ type: z.literal('search-state'), requestId: requestIdSchema, state: searchStateSchema }),
  z.object({
    type: z.literal('prompt'),
    requestId: requestIdSchema,
    /** What was fed to the text encoder, without begin, end and padding. */
    tokenIds: z.array(z.number().int().nonnegative()),
    tokenWeights: z.array(z.number()),
  }),
  /** `losses` is [texts, looks] flattened; `latents` are the original's, to be given with the next request. */
  z.object({ type: z.literal('judged'), requestId: requestIdSchema, losses: float32Schema, latents: float32Schema }),
  z.object({ type: z.literal('captioned'), requestId: requestIdSchema, caption: z.string() }),
  z.object({ type: z.literal('log'), requestId: requestIdSchema, message: z.string() }),
  /** Before the runtime is given a graph that has not run yet, by its absolute path; null when it has. */
  z.object({ type: z.literal('graph'), requestId: requestIdSchema, path: z.string().nullable() }),
  /** A graph that runs elsewhere. */
  remoteAskSchema.extend({ type: z.literal('remote-ask'), requestId: requestIdSchema }),
  memorySchema.extend({ type: z.literal('memory') }),
  /** `runtimeMs` is the time spent inside ONNX Runtime, `wallMs` the whole request in the engine. */
  z.object({
    type: z.literal('done'),
    requestId: requestIdSchema,
    runtimeMs: z.number(),
    wallMs: z.number(),
    memory: memorySchema,
  }),
  z.object({ type: z.literal('cancelled'), requestId: requestIdSchema, memory: memorySchema }),
  z.object({ type: z.literal('failed'), requestId: requestIdSchema, error: errorBodySchema, memory: memorySchema }),
]);
export type EngineMessage = z.infer<typeof engineMessageSchema>;

/** Engine → host: a message, and where the engine that says it runs its graphs, whatever device is wished for by now. */
export const engineEventSchema = z.intersection(z.object({ device: deviceSchema }), engineMessageSchema);
export type EngineEvent = z.infer<typeof engineEventSchema>;
