import { z } from 'zod';
import { blendChecksSchema, builtInWriter, usualLanguage, writerChoiceSchema } from '../../../contract/texts/blend.ts';
import { idSchema, sha256Schema } from '../../../contract/identity.ts';
import { mostOfMatrix } from '../../../contract/texts/matrix.ts';
import { promptDocumentRecord, promptDocumentSchema } from '../../../contract/texts/prompt.ts';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import { upgradeNamed } from '../../../contract/record.ts';
import type { RecordKind } from '../../../contract/record.ts';

export const sideKeys = ['a', 'b'] as const;
export type SideKey = (typeof sideKeys)[number];
/** The first text's main object in the second one's scene, and the other way round. */
export const blendKeys = ['aPlusB', 'bPlusA'] as const;
export type BlendKey = (typeof blendKeys)[number];
export type TextKey = SideKey | BlendKey;

export const isSide = (key: TextKey): key is SideKey => key === 'a' || key === 'b';
/** Whose object a blend shows. */
export const objectOf = (key: BlendKey): SideKey => (key === 'aPlusB' ? 'a' : 'b');

/** A text as it stands on screen. */
const textSchema = z.object({
  document: promptDocumentSchema,
  /** As typed or written, where that reads differently from the tokens; null elsewhere. */
  typed: z.string().nullable(),
});
export type BlendText = z.infer<typeof textSchema>;

/** The key of a side's text that no reader wrote. */
export const ownKey = 'own';

const sideSchema = z.object({
  title: z.string(),
  image: z.object({ sha256: sha256Schema, width: z.number(), height: z.number() }).nullable(),
  /** The library item it came from; null for a text that was typed here. */
  itemId: idSchema.nullable(),
  /** By number of tokens, or `own`. */
  texts: z.record(z.string(), textSchema),
});
export type BlendSide = z.infer<typeof sideSchema>;

/** At which places words of B stand, of two texts with the same places. */
const mixSchema = z.object({
  /** 0: all of A; 1: all of B. */
  share: z.number().min(0).max(1),
  /** Absent: each place says what one side says; `likely`: what the reader held likeliest for both sides together. */
  how: z.literal('likely').optional(),
  /** Places that were chosen by hand, by their number. */
  byHand: z.record(z.string(), z.enum(sideKeys)),
});
export type Mix = z.infer<typeof mixSchema>;

const blendedSchema = textSchema.extend({
  /** Null while they are out of date or were never made. */
  checks: blendChecksSchema.nullable(),
  /** Who wrote it: `builtin`, the id of a connection, or `place` for a mix by places. */
  writer: writerChoiceSchema,
  warnings: z.array(z.string()),
  /** The rules' text beside an answer that did not pass. */
  builtIn: textSchema.extend({ checks: blendChecksSchema }).nullable(),
  mix: mixSchema.nullable(),
  /** The library item that holds exactly this document; null while it is only here. */
  itemId: idSchema.nullable(),
});
export type BlendedVersion = z.infer<typeof blendedSchema>;

/** Everything one undo step takes back. */
export const blendStateSchema = z.object({
  a: sideSchema.nullable(),
  b: sideSchema.nullable(),
  aPlusB: blendedSchema.nullable(),
  bPlusA: blendedSchema.nullable(),
});
export type BlendState = z.infer<typeof blendStateSchema>;
export const emptyBlend: BlendState = { a: null, b: null, aPlusB: null, bPlusA: null };

const textsSchema = z.object({
  a: z.string().nullable(),
  b: z.string().nullable(),
  aPlusB: z.string().nullable(),
  bPlusA: z.string().nullable(),
});
export const noTexts: z.infer<typeof textsSchema> = { a: null, b: null, aPlusB: null, bPlusA: null };

/** Mixing by places is no writer of the core: the page does it itself. */
export const byPlaces = 'place';

/** What is chosen and typed on the way to a blend; no step of the history. */
export const blendOrderSchema = z.object({
  open: z.enum(blendKeys).catch('aPlusB'),
  /** `builtin`, `place` or the id of a connection. */
  writer: writerChoiceSchema.catch(builtInWriter),
  templateId: z.string().max(60).catch('blend'),
  language: z.string().max(60).catch(usualLanguage),
  instruction: z.string().catch(''),
  /** The number of tokens both pictures are read at; null: the longest that is short. */
  length: z.number().int().positive().nullable().catch(null),
});
export type BlendOrder = z.infer<typeof blendOrderSchema>;

/** A picture or a text of the library among several that are blended. */
const manySourceSchema = z.object({ itemId: idSchema, title: z.string(), sha256: sha256Schema.nullable() });
export type ManySource = z.infer<typeof manySourceSchema>;

/** Several at once, beside the blend of two. */
const manySchema = z.object({
  /** It is what the place shows. */
  isOpen: z.boolean(),
  sources: z.array(manySourceSchema).max(mostOfMatrix),
  /** The job of the matrix on screen; null while there is none. */
  matrixId: idSchema.nullable(),
});
export const noneOfMany: z.infer<typeof manySchema> = { isOpen: false, sources: [], matrixId: null };

/** What survives a reload, a crash of the page and a core that dies while somebody writes. */
export const blendRecordSchema = z.object({
  entries: z.array(z.object({ label: z.string(), atMs: z.number(), state: blendStateSchema })).min(1),
  index: z.number().int().nonnegative(),
  /** What was typed and no document holds yet. */
  pending: textsSchema,
  /** What a writer had written when it was broken off; null where nothing was. */
  written: z.object({ aPlusB: z.string(), bPlusA: z.string() }).nullable(),
  /** Answers that wait for a yes beside a text that is there. */
  proposed: z.object({ aPlusB: blendedSchema.nullable(), bPlusA: blendedSchema.nullable() }),
  order: blendOrderSchema,
  many: manySchema,
});
export type BlendRecord = z.infer<typeof blendRecordSchema>;

/** Version 1 knew blends of two alone. */
function knowMany(older: unknown): unknown {
  return { ...z.looseObject({}).parse(older), many: noneOfMany };
}

/** Version 2 chose sides place by place, and would show a text that was mixed by likelihood as one of those. */
const knowLikely = (older: unknown): unknown => older;

export const blendRecord: RecordKind<BlendRecord> = {
  name: 'blend',
  version: 3,
  schema: blendRecordSchema,
  steps: [knowMany, knowLikely],
  inside: (record) => upgradeNamed(record, new Map([['document', promptDocumentRecord]])),
};

/** The text of a side that is blended: at the wanted number of tokens, or the only one there is. */
export function openText(
  side: BlendSide | null,
  length: number | null,
): { readonly key: string; readonly text: BlendText } | null {
  if (side === null) return null;
  const keys = Object.keys(side.texts);
  const key =
    keys.find((one) => one === String(length)) ?? keys.findLast((one) => one === ownKey || Number(one) <= 20) ?? keys[0];
  const text = key === undefined ? undefined : side.texts[key];
  return key === undefined || text === undefined ? null : { key, text };
}

/** The names of the readings that a blend's texts have tokens from. */
export function readingsOf(state: BlendState): string[] {
  const documents: PromptDocument[] = [];
  for (const key of sideKeys) documents.push(...Object.values(state[key]?.texts ?? {}).map(({ document }) => document));
  for (const key of blendKeys) documents.push(...(state[key] === null ? [] : [state[key].document]));
  return documents.flatMap(({ sources }) =>
    sources.flatMap((source) => (source.type === 'reading' && source.sha256 !== null ? [source.sha256] : [])),
  );
}
