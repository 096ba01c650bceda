import { eventIterator, oc } from '@orpc/contract';
import type { ContractRouterClient } from '@orpc/contract';
import { z } from 'zod';
import { errorBodySchema } from './errors.ts';
import { studioEventSchema } from './events.ts';
import { idSchema, sha256Schema } from './identity.ts';
import { jobRequestSchema, jobSchema } from './job.ts';
import { libraryItemSchema, libraryPageSchema, libraryQuerySchema, lineageSchema, storedImageSchema } from './library.ts';
import { packManifestSchema, packSummarySchema, packVerificationSchema } from './pack.ts';
import {
  exportOptionsSchema,
  exportTargetSchema,
  exportedPromptSchema,
  promptDocumentSchema,
  promptEditSchema,
  promptInspectionSchema,
} from './prompt.ts';
import { engineStatusSchema, studioInfoSchema } from './studio-info.ts';

/** Every expected failure travels as one typed error; its body says which. */
const method = oc.errors({ STUDIO: { status: 422, data: errorBodySchema } });

/**
 * The one list of what the studio can do. Image bytes never travel here: they are posted to `/images`
 * and read from `/images/<sha256>`.
 */
export const contract = {
  studio: {
    info: method.output(studioInfoSchema),
    /** Pushes until the caller goes away. */
    events: method.output(eventIterator(studioEventSchema)),
    /** Starts the engine again after it gave up. */
    restartEngine: method.output(engineStatusSchema),
  },
  packs: {
    list: method.output(z.array(packSummarySchema)),
    info: method.input(z.object({ packId: z.string() })).output(packManifestSchema),
    verify: method.input(z.object({ packId: z.string() })).output(packVerificationSchema),
  },
  images: {
    /** Adds one of the pack's sample scenes to the library. */
    addSample: method.input(z.object({ packId: z.string(), file: z.string() })).output(libraryItemSchema),
    info: method.input(z.object({ sha256: sha256Schema })).output(storedImageSchema),
  },
  prompts: {
    /** Text becomes a document: tokenised, every slot of hand origin. */
    create: method.input(z.object({ packId: z.string().optional(), text: z.string().max(100_000) })).output(promptDocumentSchema),
    edit: method.input(z.object({ document: promptDocumentSchema, edit: promptEditSchema })).output(promptDocumentSchema),
    inspect: method.input(z.object({ document: promptDocumentSchema })).output(promptInspectionSchema),
    export: method
      .input(z.object({ document: promptDocumentSchema, target: exportTargetSchema, options: exportOptionsSchema.default({}) }))
      .output(exportedPromptSchema),
    /** Keeps an edited text in the library, with the item it came from. */
    save: method
      .input(
        z.object({
          document: promptDocumentSchema,
          parents: z.array(idSchema).default([]),
          title: z.string().max(200).default(''),
        }),
      )
      .output(libraryItemSchema),
  },
  jobs: {
    submit: method.input(jobRequestSchema).output(jobSchema),
    /** Results can be large, so `result` is null here; `get` has it. */
    list: method.output(z.array(jobSchema)),
    get: method.input(z.object({ jobId: idSchema })).output(jobSchema),
    cancel: method.input(z.object({ jobId: idSchema })).output(jobSchema),
    retry: method.input(z.object({ jobId: idSchema })).output(jobSchema),
    /** Forgets ended jobs; their results stay in the library. */
    clear: method.output(z.array(idSchema)),
  },
  library: {
    query: method.input(libraryQuerySchema).output(libraryPageSchema),
    get: method.input(z.object({ itemId: idSchema })).output(libraryItemSchema),
    lineage: method.input(z.object({ itemId: idSchema })).output(lineageSchema),
    update: method
      .input(
        z.object({
          itemId: idSchema,
          title: z.string().max(200).optional(),
          starred: z.boolean().optional(),
          trashed: z.boolean().optional(),
        }),
      )
      .output(libraryItemSchema),
    /** Makes the index again from the stored items. */
    rebuild: method.output(z.object({ items: z.number().int(), problems: z.array(z.string()) })),
  },
};

export type StudioContract = typeof contract;
/** What every face talks to: the page over HTTP, the command line in its own process. */
export type StudioClient = ContractRouterClient<StudioContract>;
