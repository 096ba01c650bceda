import { eventIterator } from '@orpc/contract';
import type { ContractRouterClient } from '@orpc/contract';
import { z } from 'zod';
import { drawerAbilitiesSchema, packAbilitiesSchema } from './models/abilities.ts';
import { accessKeyRequestSchema, accessKeySchema, createdAccessKeySchema } from './outside/access-key.ts';
import { batchMethods } from './batch-methods.ts';
import {
  blendCheckRequestSchema,
  blendChecksSchema,
  blendEventSchema,
  blendRequestSchema,
  severalRequestSchema,
  severalSchema,
  mixRequestSchema,
} from './texts/blend.ts';
import { catalogueLineSchema } from './models/catalogue.ts';
import { answersRequestSchema, answersScoreSchema, picturesRequestSchema, picturesScoreSchema } from './texts/evaluation.ts';
import { drawnElsewhereSchema, takenElsewhereSchema } from './drawn-elsewhere.ts';
import { studioEventSchema } from './events.ts';
import { idSchema, itemReference, jobReference, packReference, pictureReference } from './identity.ts';
import { drawingMemoryQuestionSchema, drawingMemorySchema, packGraphSchema } from './models/drawing-memory.ts';
import { hubStateSchema, installPlanSchema, installQuestionSchema, keptInstallSchema } from './models/install.ts';
import { jobRequestSchema, jobSchema } from './job.ts';
import {
  boardNameSchema,
  boardSchema,
  changedItemsSchema,
  deleteItemsSchema,
  emptyTrashSchema,
  libraryBulkUpdateSchema,
  libraryItemSchema,
  libraryMembersQuerySchema,
  libraryOverviewSchema,
  libraryPageSchema,
  libraryQuerySchema,
  libraryRowsQuerySchema,
  libraryRowsSchema,
  librarySimilarQuerySchema,
  librarySimilarSchema,
  lineageSchema,
  mostItemsAtOnce,
  storedImageSchema,
} from './library.ts';
import {
  packCheckEventSchema,
  packManifestSchema,
  packMeasurementSchema,
  packOverviewSchema,
  packSummarySchema,
  packVerificationSchema,
} from './models/pack.ts';
import { tritonExportSchema, tritonRequestSchema } from './models/triton-export.ts';
import { promptDialectSchema } from './texts/dialect.ts';
import {
  dialectReadingSchema,
  exportOptionsSchema,
  exportTargetSchema,
  exportedPromptSchema,
  promptComparisonSchema,
  promptDocumentSchema,
  promptEditSchema,
  promptInspectionSchema,
  promptToKeepSchema,
} from './texts/prompt.ts';
import { matrixFileSchema, matrixReferenceSchema, matrixSchema } from './texts/matrix.ts';
import { metadataReadingSchema } from './texts/metadata.ts';
import { pictureRegionSchema } from './texts/reading.ts';
import { look, lookAt, method } from './method.ts';
import { devicePartsAgreementSchema, devicePartsSchema, devicePartsTransferSchema } from './outside/device-parts.ts';
import { consentRequestSchema, consentSchema, networkReportSchema } from './outside/network.ts';
import { updateFileSchema, updateTransferSchema } from './outside/updates.ts';
import { coreSettingsChangeSchema, coreSettingsReportSchema, storageReportSchema } from './settings.ts';
import {
  askAnswerSchema,
  askRequestSchema,
  groupsRequestSchema,
  hintsRequestSchema,
  polishRequestSchema,
  polishedSchema,
  spokenGroupSchema,
  textHintSchema,
} from './texts/text-help.ts';
import {
  connectionIdSchema,
  connectionSchema,
  connectionStateSchema,
  connectionTestSchema,
  foundProgramSchema,
} from './outside/connection.ts';
import { transferMethods } from './transfer-methods.ts';
import { writerTemplateChangeSchema, writerTemplateSchema } from './outside/writer.ts';
import { deviceProbeSchema, engineStatusSchema, studioInfoSchema } from './studio-info.ts';

/**
 * The one list of what the studio can do. Image bytes never travel here: they are posted to `/images`
 * and read from `/images/<sha256>`.
 */
export const contract = {
  studio: {
    info: look.output(studioInfoSchema),
    /** Pushes until the caller goes away. */
    events: look.output(eventIterator(studioEventSchema)),
    /** Starts the engine again after it gave up. */
    restartEngine: method.output(engineStatusSchema),
    /** Frees the memory that models take; the next job loads them again. */
    unload: method.output(engineStatusSchema),
    /** Tries every device of this machine again, which takes seconds. */
    probeDevices: method.output(z.array(deviceProbeSchema)),
    /** Adds up what lies in the data folder. */
    storage: look.output(storageReportSchema),
  },
  settings: {
    get: look.output(coreSettingsReportSchema),
    /** Holds at once; a job that runs ends on the device it began on. */
    update: method.input(coreSettingsChangeSchema).output(coreSettingsReportSchema),
  },
  /** What may leave this machine, and what did. Keys never travel here: only that they are set. */
  network: {
    report: look.output(networkReportSchema),
    /** A standing yes; it takes the place of an earlier one for the same place and purpose. Called only after a person has read it. */
    allow: method.input(consentRequestSchema).output(networkReportSchema),
    /** Takes a yes back; without a purpose, all of that place. */
    revoke: method
      .input(z.object({ origin: consentSchema.shape.origin, purpose: consentSchema.shape.purpose.optional() }))
      .output(networkReportSchema),
  },
  /**
   * Files of a place that offers newer versions of the studio, for the program around the page. They come through the way out: nothing
   * is asked without a consent (`network.allow`, for `update`).
   */
  updates: {
    /** A small text: which version is newest, and what its files are. */
    read: method.input(z.object({ address: updateFileSchema.shape.address })).output(z.string()),
    /** Brings a file here, going on where an earlier try stopped; ends with `done`, or when the caller goes away. */
    bring: method.input(updateFileSchema).output(eventIterator(updateTransferSchema)),
  },
  /** Libraries of other makers that a device needs and the program cannot bring, such as CUDA's. */
  deviceParts: {
    get: look.output(devicePartsSchema),
    /**
     * Brings what a person agreed to, going on where an earlier try stopped, installs it and tries the devices again; ends with `done`, or
     * when the caller goes away. A consent for its place comes first (`network.allow`, for `download`).
     */
    bring: method.input(devicePartsAgreementSchema).output(eventIterator(devicePartsTransferSchema)),
    /** Takes them away again, and what is on its way. */
    remove: method.output(devicePartsSchema),
  },
  /** Keys with which other programs use the studio over HTTP; what they show is told once, when one is made. */
  accessKeys: {
    list: look.output(z.array(accessKeySchema)),
    create: method.input(accessKeyRequestSchema).output(createdAccessKeySchema),
    /** It no longer holds from now on, and what its programs are still being sent ends. */
    revoke: method.input(z.object({ id: accessKeySchema.shape.id })).output(z.array(accessKeySchema)),
  },
  packs: {
    list: look.output(z.array(packSummarySchema)),
    info: lookAt('/packs/info/{packId}', packReference).output(packManifestSchema),
    /** What can be done with the pack here: ask this, not the manifest. */
    abilities: lookAt('/packs/abilities/{packId}', packReference).output(packAbilitiesSchema),
    /** Whether a drawing with a pack fits into memory; null where its graphs run elsewhere. */
    memory: method.input(drawingMemoryQuestionSchema).output(drawingMemorySchema.nullable()),
    /** The graphs of a pack and the precision of their weights. */
    graphs: lookAt('/packs/graphs/{packId}', packReference).output(z.array(packGraphSchema)),
    verify: method.input(packReference).output(packVerificationSchema),
    /** The same as `verify`, with progress; ends with `done`, or when the caller goes away. */
    check: lookAt('/packs/check/{packId}', packReference).output(eventIterator(packCheckEventSchema)),
    overview: look.output(packOverviewSchema),
    /** Public repositories the studio knows of, and what they are on this machine. Nothing is asked of anybody. */
    catalogue: look.output(z.array(catalogueLineSchema)),
    /** Where models come from. A consent (`network.allow`, for `download`) opens it. */
    hub: look.output(hubStateSchema),
    /** What an `install` job would bring: licence and size to agree to. Asks the hub. */
    plan: method.input(installQuestionSchema).output(installPlanSchema),
    /** Installs that stopped and can go on. */
    keptInstalls: look.output(z.array(keptInstallSchema)),
    /** Gives up what was kept of one. */
    discardInstall: method.input(packReference).output(z.array(keptInstallSchema)),
    /** Deletes a pack's files; the packs that came with the studio stay. */
    remove: method.input(packReference).output(packOverviewSchema),
    /** Takes a pack to another folder, on another disk for one; it is used from there. */
    move: method.input(z.object({ packId: z.string(), folder: z.string().min(1).max(4096) })).output(packOverviewSchema),
    /** Writes it as a model repository of Triton into a folder that is not there or empty, with what starts Triton on it. */
    exportTriton: method.input(tritonRequestSchema).output(tritonExportSchema),
    /** What the pack's recipe measured, by length; empty when the pack brings no numbers. */
    measurements: lookAt('/packs/measurements/{packId}', packReference).output(z.array(packMeasurementSchema)),
  },
  images: {
    /** Adds one of the pack's sample scenes to the library. */
    addSample: method.input(z.object({ packId: z.string(), file: z.string() })).output(libraryItemSchema),
    /** Fetches a picture over https, once: called only after a person has seen the host and agreed. */
    addFromAddress: method.input(z.object({ address: z.string().max(4_000) })).output(libraryItemSchema),
    info: lookAt('/images/info/{sha256}', pictureReference).output(storedImageSchema),
    /** A part of a picture as a mask of it, white where the part is: a picture of the library, made from that item. */
    maskOfRegion: method.input(z.object({ itemId: idSchema, region: pictureRegionSchema })).output(libraryItemSchema),
    /** How the picture was made, as its file says. Every text of it is a stranger's. */
    metadata: lookAt('/images/metadata/{sha256}', pictureReference).output(metadataReadingSchema),
  },
  prompts: {
    /** Text becomes a document: tokenised, every slot of hand origin. */
    create: method.input(z.object({ packId: z.string().optional(), text: z.string().max(100_000) })).output(promptDocumentSchema),
    /** What a prompt file holds: a document as JSON stays as it is, text becomes one. */
    read: method
      .input(z.object({ packId: z.string().optional(), content: z.string().max(20_000_000) }))
      .output(promptDocumentSchema),
    /** What a text says that was written for another tool. */
    readAs: method
      .input(z.object({ packId: z.string().optional(), text: z.string().max(100_000), dialect: promptDialectSchema }))
      .output(dialectReadingSchema),
    edit: method.input(z.object({ document: promptDocumentSchema, edit: promptEditSchema })).output(promptDocumentSchema),
    inspect: method.input(z.object({ document: promptDocumentSchema })).output(promptInspectionSchema),
    export: method
      .input(z.object({ document: promptDocumentSchema, target: exportTargetSchema, options: exportOptionsSchema.default({}) }))
      .output(exportedPromptSchema),
    /** Two texts token by token. */
    compare: method.input(z.object({ before: promptDocumentSchema, after: promptDocumentSchema })).output(promptComparisonSchema),
    /** Keeps an edited text in the library, with the item it came from. */
    save: method.input(promptToKeepSchema).output(libraryItemSchema),
  },
  /** What is written about texts: by rules, or by a language model a person connected. */
  language: {
    /** Two texts become one, both ways. Ends with `done`; whoever goes away cancels. */
    blend: method.input(blendRequestSchema).output(eventIterator(blendEventSchema)),
    /** Three to six texts become as many, by rules. */
    blendSeveral: method.input(severalRequestSchema).output(severalSchema),
    /** The text that two readings say together, place by place. */
    mix: method.input(mixRequestSchema).output(promptDocumentSchema),
    /** Checks a text as a blend of two others, whoever wrote it. */
    check: method.input(blendCheckRequestSchema).output(blendChecksSchema),
    /** Words a person may want to look at: names and brands, writing that cannot be read. */
    hints: method.input(hintsRequestSchema).output(z.array(textHintSchema)),
    /** What each word speaks of, in the order they were sent. */
    groups: method.input(groupsRequestSchema).output(z.array(spokenGroupSchema)),
    /** A better text, to be taken or left. */
    polish: method.input(polishRequestSchema).output(polishedSchema),
    /** Answers a question from a text alone, or says what it shows: by rules, or by a language model. */
    ask: method.input(askRequestSchema).output(askAnswerSchema),
  },
  /** What jobs of the kind `matrix` made: the job is what names a matrix. */
  matrices: {
    /** As far as it is made. */
    get: lookAt('/matrices/get/{jobId}', matrixReferenceSchema).output(matrixSchema),
    /** The table, or a page that needs no other file, in one piece. */
    write: method.input(matrixFileSchema).output(z.string()),
    /** The grid as a picture of the library. */
    sheet: method.input(matrixReferenceSchema).output(libraryItemSchema),
  },
  /** How good answers and drawings are, in the figures that papers print. */
  evaluation: {
    answers: method.input(answersRequestSchema).output(answersScoreSchema),
    pictures: method.input(picturesRequestSchema).output(picturesScoreSchema),
  },
  /** Language models and tools that draw, which a person connected. Nothing is asked before they agreed to it (`network.allow`). */
  connections: {
    list: look.output(z.array(connectionStateSchema)),
    /** Takes the place of one with the same id. */
    add: method.input(connectionSchema).output(connectionStateSchema),
    remove: method.input(z.object({ id: connectionIdSchema })).output(z.array(connectionStateSchema)),
    /** Asks a language model one short question, and a tool what it has. */
    test: method.input(z.object({ id: connectionIdSchema })).output(connectionTestSchema),
    /** What a tool can draw; it is asked for it. */
    abilities: method.input(z.object({ id: connectionIdSchema })).output(drawerAbilitiesSchema),
    /** Looks for the usual programs on this machine; called only when a person wants to know. Nothing is connected by it. */
    discover: method.output(z.array(foundProgramSchema)),
  },
  /** What language models are asked with: the studio's own and the artist's, every version of each. */
  templates: {
    list: look.output(z.array(writerTemplateSchema)),
    /** A new version. */
    save: method.input(writerTemplateChangeSchema).output(writerTemplateSchema),
    /** Forgets the artist's versions; the studio's own comes back. */
    remove: method.input(z.object({ id: writerTemplateSchema.shape.id })).output(z.array(writerTemplateSchema)),
  },
  jobs: {
    submit: method.input(jobRequestSchema).output(jobSchema),
    /** Results can be large, so `result` is null here; `get` has it. */
    list: look.output(z.array(jobSchema)),
    get: lookAt('/jobs/get/{jobId}', jobReference).output(jobSchema),
    cancel: method.input(jobReference).output(jobSchema),
    retry: method.input(jobReference).output(jobSchema),
    /** Forgets ended jobs; their results stay in the library. */
    clear: method.output(z.array(idSchema)),
  },
  batches: batchMethods,
  transfers: transferMethods,
  library: {
    query: method.input(libraryQuerySchema).output(libraryPageSchema),
    get: lookAt('/library/get/{itemId}', itemReference).output(libraryItemSchema),
    lineage: lookAt('/library/lineage/{itemId}', itemReference).output(lineageSchema),
    update: method
      .input(
        z.object({
          itemId: idSchema,
          /** A person's own title; empty takes it away, and the studio names the item again. */
          title: z.string().max(200).optional(),
          /** False with a title that the studio had given: what a rename is taken back with. */
          named: z.boolean().optional(),
          starred: z.boolean().optional(),
          trashed: z.boolean().optional(),
        }),
      )
      .output(libraryItemSchema),
    /** A window of the list by position. */
    rows: method.input(libraryRowsQuerySchema).output(libraryRowsSchema),
    /** The ids of the same window, for selecting what was never on screen. */
    ids: method
      .input(libraryRowsQuerySchema.extend({ limit: z.number().int().min(1).max(mostItemsAtOnce).default(mostItemsAtOnce) }))
      .output(z.array(idSchema)),
    /** The ids of all that lies in one stack with these: what is done to a stack is done to each of them. */
    members: method.input(libraryMembersQuerySchema).output(z.array(idSchema)),
    /** Pictures like a picture, or like a sentence, by the pack's scorer. */
    similar: method.input(librarySimilarQuerySchema).output(librarySimilarSchema),
    overview: look.output(libraryOverviewSchema),
    updateMany: method.input(libraryBulkUpdateSchema).output(changedItemsSchema),
    /**
     * Removes items for good; only what lies in the trash can be. A picture's bytes go when no item shows or starts from them, a
     * reading when no item, no job and no unsaved work of who asks names it.
     */
    deleteForGood: method.input(deleteItemsSchema).output(changedItemsSchema),
    emptyTrash: method.input(emptyTrashSchema).output(changedItemsSchema),
    createBoard: method.input(z.object({ name: boardNameSchema })).output(boardSchema),
    /** `deleted: false` brings a deleted board back, with what was on it. */
    updateBoard: method
      .input(z.object({ boardId: idSchema, name: boardNameSchema.optional(), deleted: z.boolean().optional() }))
      .output(boardSchema),
    /** Takes a picture for what a tool that cannot be asked drew of a text here; the picture itself goes to the trash. */
    takeDrawn: method.input(drawnElsewhereSchema).output(takenElsewhereSchema),
    /** Makes the index again from the stored items. */
    rebuild: method.output(z.object({ items: z.number().int(), problems: z.array(z.string()) })),
  },
};

export type StudioContract = typeof contract;
/** What every shell talks to: the page over HTTP, the command line in its own process. */
export type StudioClient = ContractRouterClient<StudioContract>;
