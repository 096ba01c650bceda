import { z } from 'zod';
import { deviceNameSchema } from '../studio-info.ts';
import { originSchema } from './network.ts';

/** One package of libraries, as whoever made it gives it to the world. */
export const devicePartSchema = z.object({
  name: z.string(),
  version: z.string(),
  licence: z.object({ name: z.string(), page: z.url() }),
  /** To fetch. */
  bytes: z.number().int().positive(),
});

/** What a device of this machine needs and the program does not bring, because it is too large or not ours to give on. */
export const devicePartsOfferSchema = z.object({
  device: deviceNameSchema,
  /** Where all of it comes from. */
  origin: originSchema,
  parts: z.array(devicePartSchema),
  /** To fetch, all together. */
  bytes: z.number().int().positive(),
  /** Of these, what an earlier try has left here. */
  keptBytes: z.number().int().nonnegative(),
  /** What it takes on the disk once it is installed. */
  diskBytes: z.number().int().positive(),
  /** The oldest version of the card's driver that it works with, such as `580`. */
  driver: z.string(),
});
export type DevicePartsOffer = z.infer<typeof devicePartsOfferSchema>;

export const devicePartsSchema = z.object({
  /** Null where there is nothing to bring: the program has all that this system can use. */
  offer: devicePartsOfferSchema.nullable(),
  installed: z.boolean(),
  /** Whether a person has agreed that its place is asked (`network.allow`, for `download`). */
  allowed: z.boolean(),
});
export type DeviceParts = z.infer<typeof devicePartsSchema>;

/** What a person agreed to: the size of the offer, and the licence of every part of it in its order. */
export const devicePartsAgreementSchema = z.object({
  bytes: z.number().int().positive(),
  licences: z.array(z.string()).max(50),
});
export type DevicePartsAgreement = z.infer<typeof devicePartsAgreementSchema>;

export const devicePartsTransferSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    doneBytes: z.number().nonnegative(),
    totalBytes: z.number().nonnegative(),
    /** Over the last seconds; null before there is anything to tell. */
    bytesPerSecond: z.number().nonnegative().nullable(),
  }),
  /** All is here and right; now it is unpacked, and the devices are tried again. */
  z.object({ type: z.literal('installing') }),
  z.object({ type: z.literal('done'), parts: devicePartsSchema }),
]);
export type DevicePartsTransfer = z.infer<typeof devicePartsTransferSchema>;
