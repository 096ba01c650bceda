import { z } from 'zod';
import type { RecordKind } from './record.ts';
import { deviceSchema } from './studio-info.ts';

/** What pictures drawn here say of themselves in their file. */
export const pictureTextChoiceSchema = z.object({
  /** The studio's own recipe, by which the picture is drawn again. */
  recipe: z.boolean(),
  /** The block that AUTOMATIC1111's web UI and others read. */
  a1111: z.boolean(),
  /** A graph for ComfyUI. */
  comfyui: z.boolean(),
});
export type PictureTextChoice = z.infer<typeof pictureTextChoiceSchema>;

/** What a person set for the core. Kept in the data folder, so that every shell finds it. */
export const coreSettingsSchema = z.object({
  /** `auto`: the fastest device that works here. */
  device: z.union([z.literal('auto'), deviceSchema]),
  /** Most memory models may take; null: half of the machine's. */
  memoryBudgetMb: z.number().int().min(256).max(4_194_304).nullable(),
  /** Models leave the memory after this long without work. */
  unloadAfterIdleMinutes: z.number().int().min(1).max(1440),
  /** The pack that is used where none is named; null: the one that came with the studio. */
  packId: z.string().min(1).max(64).nullable(),
  pictureTexts: pictureTextChoiceSchema.default({ recipe: true, a1111: false, comfyui: false }),
  /** Pictures that are saved or dragged out say nothing of how, where and by whom they were made; those in the library stay as they are. */
  stripSaved: z.boolean().default(false),
});
export type CoreSettings = z.infer<typeof coreSettingsSchema>;

/** Version 1 knew devices of this machine only; an older studio would take another for a mistake. */
const knowServers = (older: unknown): unknown => older;
/** Version 2 saved every picture with what its file says; an older studio would do so unasked. */
const knowStripping = (older: unknown): unknown => older;

export const coreSettingsRecord: RecordKind<CoreSettings> = {
  name: 'file of settings',
  version: 3,
  schema: coreSettingsSchema,
  steps: [knowServers, knowStripping],
};

/** Absent fields stay as they are. */
export const coreSettingsChangeSchema = coreSettingsSchema
  .extend({ pictureTexts: pictureTextChoiceSchema, stripSaved: z.boolean() })
  .partial();
export type CoreSettingsChange = z.infer<typeof coreSettingsChangeSchema>;

export const coreSettingsReportSchema = z.object({
  settings: coreSettingsSchema,
  /** The device this start of the core was told to use; it goes before the setting. */
  fixedDevice: deviceSchema.nullable(),
  machineMemoryBytes: z.number().nonnegative(),
  /** What `memoryBudgetMb: null` means on this machine. */
  defaultMemoryBudgetMb: z.number().int().positive(),
  /** Absolute paths on this machine. */
  folders: z.object({ data: z.string(), logs: z.string(), packs: z.string() }),
});
export type CoreSettingsReport = z.infer<typeof coreSettingsReportSchema>;

export const storagePartSchema = z.object({
  name: z.enum(['pictures', 'items', 'index', 'packs', 'logs', 'cache', 'other']),
  bytes: z.number().nonnegative(),
  files: z.number().int().nonnegative(),
});
export type StoragePart = z.infer<typeof storagePartSchema>;

/** What lies in the data folder now. Every name comes once. */
export const storageReportSchema = z.object({ parts: z.array(storagePartSchema), bytes: z.number().nonnegative() });
export type StorageReport = z.infer<typeof storageReportSchema>;
