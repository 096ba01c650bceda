import { z } from 'zod';
import { errorBodySchema } from './errors.ts';

/** A file of a newer version, as the place that offers it describes it. */
export const updateFileSchema = z.object({
  address: z.url({ protocol: /^https?$/ }).max(2000),
  bytes: z.number().int().positive().max(4_000_000_000),
  /** Of its bytes, in base64. */
  sha512: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
});
export type UpdateFile = z.infer<typeof updateFileSchema>;

export const updateTransferSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    doneBytes: z.number().nonnegative(),
    totalBytes: z.number().nonnegative(),
    /** Over the last seconds; null before there is anything to tell. */
    bytesPerSecond: z.number().nonnegative().nullable(),
  }),
  /** Where it lies on this machine, whole and with the right sum. */
  z.object({ type: z.literal('done'), path: z.string() }),
]);
export type UpdateTransfer = z.infer<typeof updateTransferSchema>;

/** `off`: only when a person looks. `ask`: looks by itself, and asks before it fetches. `automatic`: fetches, and installs when the program is closed. */
export const updateChoiceSchema = z.enum(['off', 'ask', 'automatic']);
export type UpdateChoice = z.infer<typeof updateChoiceSchema>;

/** Address of a feed: a folder on a server. Plain http is for this machine alone, because what comes from there is run. */
export const feedAddressSchema = z
  .url({ protocol: /^https?$/ })
  .max(1000)
  .refine((address) => /^https:|^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?(\/|$)/.test(address), {
    message: 'must begin with https://',
  });

/** What a person chose. */
export const updateSettingsSchema = z.object({
  choice: updateChoiceSchema,
  /** Null: the place the package names. */
  feed: feedAddressSchema.nullable(),
});
export type UpdateSettings = z.infer<typeof updateSettingsSchema>;

/**
 * How this copy of the program gets newer. `itself`: it replaces itself when it is closed. The others are replaced by hand: a `package` of
 * the system, an unpacked `archive`, a `portable` program, or a `source` folder, of which nothing is looked for.
 */
export const updateWaySchema = z.enum(['itself', 'package', 'archive', 'portable', 'source']);
export type UpdateWay = z.infer<typeof updateWaySchema>;

const newVersionShape = {
  version: z.string().max(100),
  /** As whoever released it wrote them; empty where they wrote none. */
  notes: z.string().max(20_000),
};

export const updateStepSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('idle') }),
  z.object({ type: z.literal('checking') }),
  z.object({ type: z.literal('current') }),
  /** `waits`: it is to be fetched, and begins when the work at hand is done. */
  z.object({ type: z.literal('found'), ...newVersionShape, waits: z.boolean() }),
  z.object({
    type: z.literal('fetching'),
    ...newVersionShape,
    doneBytes: z.number().nonnegative(),
    totalBytes: z.number().nonnegative(),
    bytesPerSecond: z.number().nonnegative().nullable(),
  }),
  /** It is installed when the program is closed. */
  z.object({ type: z.literal('ready'), ...newVersionShape }),
  z.object({ type: z.literal('failed'), error: errorBodySchema }),
]);
export type UpdateStep = z.infer<typeof updateStepSchema>;

/** What the program says of its own updates. */
export const updateStateSchema = z.object({
  version: z.string(),
  way: updateWaySchema,
  settings: updateSettingsSchema,
  /** Where newer versions are looked for now; null where neither package nor person names a place. */
  feed: z.string().nullable(),
  /** Milliseconds since the epoch; null before it was looked the first time. */
  checkedMs: z.number().int().nonnegative().nullable(),
  /** Jobs are running or waiting: nothing is fetched or installed meanwhile. */
  isWorking: z.boolean(),
  step: updateStepSchema,
});
export type UpdateState = z.infer<typeof updateStateSchema>;
