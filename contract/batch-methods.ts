import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  batchExportSchema,
  batchFileSchema,
  batchNameSchema,
  batchReferenceSchema,
  batchRowPageSchema,
  batchRowQuerySchema,
  batchRowsMoveSchema,
  batchRowsSchema,
  batchSchema,
  batchSettingsSchema,
  batchSomeRowsSchema,
} from './batch.ts';
import { idSchema } from './identity.ts';
import { boardSchema } from './library.ts';
import { look, lookAt, method } from './method.ts';

/** Folders of pictures, read and, when asked for, drawn one after the other. Everything of a batch survives the end of the studio. */
export const batchMethods = {
  /** In the order in which they are done. */
  list: look.output(z.array(batchSchema)),
  get: lookAt('/batches/get/{batchId}', batchReferenceSchema).output(batchSchema),
  /** An empty batch; it begins with its first picture. */
  create: method.input(z.object({ name: batchNameSchema, settings: batchSettingsSchema })).output(batchSchema),
  update: method.input(batchReferenceSchema.extend({ name: batchNameSchema })).output(batchSchema),
  /** A file with the name of a row that never got its picture takes that row's place. */
  add: method.input(batchReferenceSchema.extend({ files: z.array(batchFileSchema).min(1).max(1000) })).output(batchSchema),
  rows: method.input(batchRowQuerySchema).output(batchRowPageSchema),
  /** Resolves when nothing of it is in hand any more. */
  pause: method.input(batchReferenceSchema).output(batchSchema),
  resume: method.input(batchReferenceSchema).output(batchSchema),
  /** Without rows: the whole batch. What is done stays. */
  cancel: method.input(batchSomeRowsSchema).output(batchSchema),
  /** Without rows: all that failed or were cancelled. */
  retry: method.input(batchSomeRowsSchema).output(batchSchema),
  /** Puts a batch before another; null: at the end. */
  reorder: method.input(batchReferenceSchema.extend({ beforeId: idSchema.nullable() })).output(z.array(batchSchema)),
  reorderRows: method.input(batchRowsMoveSchema).output(batchSchema),
  removeRows: method.input(batchRowsSchema).output(batchSchema),
  /** Forgets a batch and its rows; pictures and texts stay in the library. */
  remove: method.input(batchReferenceSchema).output(z.array(batchSchema)),
  /**
   * The board of the library that has the batch's results. It is made with the batch and filled with each result; here it is made
   * and filled for a batch from before there were such boards, and comes back where it was deleted.
   */
  collect: method.input(batchReferenceSchema).output(boardSchema),
  /** The table in pieces, to be put together in their order. */
  export: method.input(batchExportSchema).output(eventIterator(z.string())),
};
