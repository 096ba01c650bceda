import { z } from 'zod';
import { decoderRoleSchema } from './pack.ts';
import { schedulerNameSchema } from '../recipe.ts';

/** What a reader can do. */
const readerAbilitiesSchema = z.object({
  /** Numbers of tokens it reads a picture at, ascending. */
  lengths: z.array(z.number().int().positive()),
  /** Candidates that its readings name for each place; 1: the token it chose alone. */
  candidates: z.number().int().positive(),
  /** Whether its readings say where in the picture each token looked. */
  attention: z.boolean(),
});
export type ReaderAbilities = z.infer<typeof readerAbilitiesSchema>;

/** What a drawer can do, and what it does where nothing is asked for. */
export const drawerAbilitiesSchema = z.object({
  /** Its own size in pixels; the sides of any other are multiples of `multipleOf`. */
  size: decoderRoleSchema.shape.image,
  defaults: decoderRoleSchema.shape.defaults,
  /** Whether steps and guidance can be chosen; `defaults` has numbers that say nothing where they cannot. */
  sampling: z.boolean(),
  /** Those that can be chosen; none where the tool keeps that to itself. */
  schedulers: z.array(schedulerNameSchema),
  /** Whether contrast that guidance adds can be taken back. */
  guidanceRescale: z.boolean(),
  /** Whether it keeps away from a negative text. */
  negative: z.boolean(),
  /** Whether a second text encoder can be given a text of its own. */
  secondPrompt: z.boolean(),
  /** Whether layers of its text encoder can be asked to be left out; a pack's graphs may still refuse it when it draws. */
  clipSkip: z.boolean(),
  /** Whether tokens can be weighed. */
  weights: z.boolean(),
  /** Whether it can be said whose way of reading such weights it is. */
  emphasis: z.boolean(),
  /** Whether it can start from a picture. */
  initPictures: z.boolean(),
  /** Whether it can leave what is black in a mask as it is in that picture. */
  masks: z.boolean(),
  /** Whether a seed gives the same picture again. */
  seeds: z.boolean(),
  /** The most pictures of one order. */
  mostPictures: z.number().int().positive(),
  /** Whether a picture can be looked at in the making. */
  previews: z.boolean(),
  /** Whether a drawing that began can be stopped. */
  cancel: z.boolean(),
});
export type DrawerAbilities = z.infer<typeof drawerAbilitiesSchema>;

/** What can be done with a pack here; null for what cannot be done at all. */
export const packAbilitiesSchema = z.object({
  reader: readerAbilitiesSchema.nullable(),
  drawer: drawerAbilitiesSchema.nullable(),
});
export type PackAbilities = z.infer<typeof packAbilitiesSchema>;
