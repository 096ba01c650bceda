import { z } from 'zod';
import { libraryItemRecord } from './library.ts';
import { promptDocumentRecord } from './texts/prompt.ts';
import { recipeRecord } from './recipe.ts';
import { upgradeNamed, upgradeRecord } from './record.ts';
import type { RecordGrowth, RecordKind } from './record.ts';
import { jobRequestSchema, jobResultSchema } from './job.ts';
import type { JobRequest, JobResult } from './job.ts';

/** The records a job holds in what was asked for and in what came out, by the name of their property. */
export const recordsOfAJob: ReadonlyMap<string, RecordGrowth> = new Map<string, RecordGrowth>([
  ['document', promptDocumentRecord],
  ['objectDocument', promptDocumentRecord],
  ['sceneDocument', promptDocumentRecord],
  ['heard', promptDocumentRecord],
  ['recipe', recipeRecord],
]);

/** Version 1 solved again by redraws alone. */
function nameJudge(older: unknown): unknown {
  const { kind, ...request } = z.looseObject({ kind: z.string() }).parse(older);
  return { kind, ...request, ...(kind === 're-solve' ? { judge: 'redraws' } : {}) };
}
/** Version 2 drew with packs alone, and a studio of that time would draw with one what a tool was asked for. */
const drawElsewhere = (older: unknown): unknown => older;
/** Version 3 knew no matrices of blends. */
const knowMatrices = (older: unknown): unknown => older;
/** Version 4 read with encoders alone, and a studio of that time would read with one what a search was asked for. */
const readOtherwise = (older: unknown): unknown => older;
/** Version 5 knew no second prompt, no layers to leave out and no rescaled guidance, and would draw without them. */
const tellTextOptions = (older: unknown): unknown => older;
/**
 * Version 6 knew no captioners, and would read the rectangle of a region that has a shape, or that is left out; it refined no blends and mixed no texts, and would
 * write by rules what a matrix asks a language model for.
 */
const knowShapesAndRefining = (older: unknown): unknown => older;
/** Version 4 of results knew no blends that were refined. */
const knowRefined = (older: unknown): unknown => older;
/** Version 7 knew no masks, and would draw all of the first picture anew. */
const tellMask = (older: unknown): unknown => older;
/** Version 8 read weights in one way alone, and would read so what was asked for in another. */
const tellEmphasis = (older: unknown): unknown => older;
function nameLoss(older: unknown): unknown {
  const { kind, ...result } = z.looseObject({ kind: z.string() }).parse(older);
  return { kind, ...result, ...(kind === 're-solve' ? { loss: null } : {}) };
}

/** What is stored of a job as one value is what was asked for, and apart from it what came out. */
export const jobRequestRecord: RecordKind<JobRequest> = {
  name: 'job',
  version: 9,
  schema: jobRequestSchema,
  steps: [nameJudge, drawElsewhere, knowMatrices, readOtherwise, tellTextOptions, knowShapesAndRefining, tellMask, tellEmphasis],
  inside: (request) => upgradeNamed(request, recordsOfAJob),
};
/** Results hold items as they are on their way, without a version of their own: those of a result of version 1 are of version 1. */
const itemsOfVersionOne: RecordGrowth = {
  name: 'items',
  version: 1,
  steps: [],
  inside: (items) => (Array.isArray(items) ? items.map((item) => upgradeRecord(libraryItemRecord, item)) : items),
};

export const jobResultRecord: RecordKind<JobResult> = {
  name: 'result of a job',
  version: 5,
  schema: jobResultSchema,
  steps: [(older) => upgradeNamed(older, new Map([['items', itemsOfVersionOne]])), nameLoss, knowMatrices, knowRefined],
  inside: (result) => upgradeNamed(result, recordsOfAJob),
};
