import { z } from 'zod';
import { StudioError } from '../errors.ts';
import { sha256Schema } from '../identity.ts';
import { readRecord } from '../record.ts';
import type { RecordKind } from '../record.ts';

export const patchGridSchema = z.object({ rows: z.number().int().positive(), columns: z.number().int().positive() });
export type PatchGrid = z.infer<typeof patchGridSchema>;

/** One candidate for a position, most probable first. `probability` is a softmax value, 0..1. */
export const alternativeSchema = z.object({
  tokenId: z.number().int().nonnegative(),
  text: z.string(),
  probability: z.number().min(0).max(1),
});
export type Alternative = z.infer<typeof alternativeSchema>;

/**
 * How a picture was read. `de-diffusion`: a trained encoder, the only one that is called so. `clip-search`: words searched by the scorer's likeness;
 * `clip-search-least`: those that fit least, for a negative text. `decoder-search`: words that the decoder's own loss chose. `caption`: a language
 * model that sees.
 */
export const readingMethodSchema = z.enum(['de-diffusion', 'clip-search', 'clip-search-least', 'decoder-search', 'caption']);
export type ReadingMethod = z.infer<typeof readingMethodSchema>;

/** The part of a picture that was read alone, or that was left out, in pixels of the picture as it is shown. */
export const pictureRegionSchema = z.object({
  x: z.number().int().nonnegative(),
  y: z.number().int().nonnegative(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Corners of a shape inside the rectangle, [x, y] each; absent: all of the rectangle. */
  outline: z
    .array(z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]))
    .min(3)
    .max(1000)
    .optional(),
  /** Everything but the region was read. */
  around: z.literal(true).optional(),
});
export type PictureRegion = z.infer<typeof pictureRegionSchema>;

const factsSchema = z.object({
  /** That of the bytes, which never change: version 1 knew one method and whole pictures alone, version 2 rectangles and no captioners. */
  schemaVersion: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  reader: z.object({
    method: readingMethodSchema,
    packId: z.string(),
    /** Null for a reading made of a text that was stored before readings were. */
    packVersion: z.string().nullable(),
    /** The language model that saw, by its connection and its name; absent where a pack alone read. */
    model: z.string().optional(),
  }),
  /** The picture that was read; null when only its pixels were known. */
  imageSha256: sha256Schema.nullable(),
  /** Absent where the whole picture was read. */
  region: pictureRegionSchema.optional(),
  /** Number of tokens it was read at. */
  length: z.number().int().positive(),
  patchGrid: patchGridSchema,
});

/**
 * What one reader saw in one picture. It never changes: it is stored under the sha256 of its bytes, and read from
 * `/readings/<sha256>`. Positions at the end that hold only end or padding tokens are left out, so `positions` may be less
 * than `length`.
 */
export type Reading = z.infer<typeof factsSchema> & {
  readonly positions: number;
  /** Candidates a position. */
  readonly topK: number;
  /** [positions, topK], the chosen token first; −1 where a position has fewer candidates. */
  readonly tokenIds: Int32Array;
  /** [positions, topK], 0..1. */
  readonly probabilities: Float32Array;
  /** [positions, rows × columns] in 65,535ths, row-major; null where the reader gives none. */
  readonly attention: Uint16Array | null;
  /** The characters of every token in `tokenIds`, by its id. */
  readonly texts: ReadonlyMap<number, string>;
};

/** The attention of a token that looks at one patch alone. */
export const attentionOne = 65_535;

const headerSchema = factsSchema.extend({
  positions: z.number().int().nonnegative().max(4096),
  topK: z.number().int().positive().max(1000),
  hasAttention: z.boolean(),
  texts: z.array(z.tuple([z.number().int(), z.string()])),
});

/** A later version keeps the mark and the place of the header, so that any studio can tell it as newer. */
const readingRecord: RecordKind<z.infer<typeof headerSchema>> = {
  name: 'reading',
  version: 3,
  schema: headerSchema,
  // What older versions say stands in version 3 as it is.
  steps: [(older) => older, (older) => older],
};

/** "DDR1" in little-endian order. */
const magic = 0x31_52_44_44;
const prefixBytes = 8;

/**
 * A reading as bytes, all little-endian: the mark, the header's length as uint32, the header as JSON (ASCII alone) padded with spaces to a
 * multiple of four bytes, then token ids as int32, probabilities as float32 and attention as uint16. The same reading gives the same bytes.
 */
export function encodeReading(reading: Reading): Uint8Array {
  const { tokenIds, probabilities, attention, texts, positions, topK } = reading;
  const { schemaVersion, reader, imageSha256, region, length, patchGrid } = reading;
  const header = {
    ...{ schemaVersion, reader, imageSha256, ...(region === undefined ? {} : { region }), length, patchGrid, positions, topK },
    hasAttention: attention !== null,
    texts: [...texts].sort(([a], [b]) => a - b),
  };
  const json = toAscii(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / 4) * 4;
  const bytes = new Uint8Array(prefixBytes + headerBytes + tokenIds.byteLength * 2 + (attention?.byteLength ?? 0));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, headerBytes, true);
  bytes.fill(0x20, prefixBytes, prefixBytes + headerBytes);
  bytes.set(json, prefixBytes);
  let at = prefixBytes + headerBytes;
  // As they lie in memory: all that Node, Electron and ONNX Runtime run on is little-endian, and thousands of numbers one by one take a
  // fifth of the host's time for a picture.
  for (const { buffer, byteOffset, byteLength } of [tokenIds, probabilities, ...(attention ? [attention] : [])]) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}

/** Other characters than ASCII are escaped, as JSON may: the contract knows neither the browser's nor Node's text encoders. */
function toAscii(json: string): Uint8Array {
  const escaped = json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const bytes = new Uint8Array(escaped.length);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = escaped.charCodeAt(index);
  return bytes;
}

/** @throws StudioError `library-damaged` for bytes that are no reading, `record-newer` for one that a later studio wrote */
export function decodeReading(bytes: Uint8Array): Reading {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < prefixBytes || view.getUint32(0, true) !== magic) throw damaged('its mark is missing');
  const start = prefixBytes + view.getUint32(4, true);
  const { hasAttention, texts, ...facts } = readHeader(bytes.subarray(prefixBytes, start));
  const candidates = facts.positions * facts.topK;
  const shares = hasAttention ? facts.positions * facts.patchGrid.rows * facts.patchGrid.columns : 0;
  if (bytes.length !== start + candidates * 8 + shares * 2) throw damaged('it has another size than it says');
  const tokenIds = new Int32Array(candidates);
  const probabilities = new Float32Array(candidates);
  const attention = hasAttention ? new Uint16Array(shares) : null;
  for (let index = 0; index < candidates; index += 1) {
    tokenIds[index] = view.getInt32(start + index * 4, true);
    probabilities[index] = view.getFloat32(start + (candidates + index) * 4, true);
  }
  if (attention !== null) {
    for (let index = 0; index < shares; index += 1) attention[index] = view.getUint16(start + candidates * 8 + index * 2, true);
  }
  return { ...facts, tokenIds, probabilities, attention, texts: new Map(texts) };
}

function readHeader(bytes: Uint8Array): z.infer<typeof headerSchema> {
  try {
    return readRecord(readingRecord, JSON.parse(bytes.reduce((text, byte) => text + String.fromCharCode(byte), '')));
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    throw damaged('its header cannot be read', cause);
  }
}

function damaged(reason: string, cause?: unknown): StudioError {
  const hint = 'Read the picture again; that makes a new reading.';
  return new StudioError('library-damaged', `What was read in the picture cannot be opened: ${reason}.`, hint, {}, cause);
}

/** The candidates of a position, the chosen one first; empty past the end. Probabilities have 6 decimals: what a person can see. */
export function alternativesAt(reading: Reading, position: number): Alternative[] {
  const { topK, tokenIds, probabilities, texts } = reading;
  const alternatives: Alternative[] = [];
  for (let index = position * topK; index < (position + 1) * topK; index += 1) {
    const tokenId = tokenIds[index] ?? -1;
    if (tokenId < 0) break;
    alternatives.push({ tokenId, text: texts.get(tokenId) ?? '', probability: roundShare(probabilities[index]) });
  }
  return alternatives;
}

/** That of the chosen token, as `alternativesAt` gives it; null past the end. */
export function chosenProbability({ topK, tokenIds, probabilities }: Reading, position: number): number | null {
  return (tokenIds[position * topK] ?? -1) < 0 ? null : roundShare(probabilities[position * topK]);
}

function roundShare(probability = 0): number {
  return Math.min(1, Math.max(0, Math.round(probability * 1e6) / 1e6));
}

/** Where a position looked: one share a patch, row-major, in 65,535ths; null where the reader does not say, or looked nowhere. */
export function attentionAt({ attention, patchGrid, positions }: Reading, position: number): Uint16Array | null {
  if (attention === null || position >= positions) return null;
  const patches = patchGrid.rows * patchGrid.columns;
  const map = attention.subarray(position * patches, (position + 1) * patches);
  return map.some((share) => share > 0) ? map : null;
}
