import { z } from 'zod';
import { libraryItemSchema } from './library.ts';
import { look, lookAt, method } from './method.ts';
import {
  transferCellsSchema,
  transferExportSchema,
  transferOrderSchema,
  transferReferenceSchema,
  transferSchema,
  transferSummarySchema,
  transferTakenSchema,
  transferTakeSchema,
} from './transfer.ts';

/** Prompts drawn by several tools, side by side and compared. Everything of a transfer survives the end of the studio. */
export const transferMethods = {
  /** Newest first. */
  list: look.output(z.array(transferSummarySchema)),
  get: lookAt('/transfers/get/{transferId}', transferReferenceSchema).output(transferSchema),
  /** Begins at once. */
  create: method.input(transferOrderSchema).output(transferSchema),
  /** Without cells: all that is not drawn yet. Resolves when nothing of it is drawn any more. */
  cancel: method.input(transferCellsSchema).output(transferSchema),
  /** Without cells: all that failed or were cancelled. */
  retry: method.input(transferCellsSchema).output(transferSchema),
  /** A picture that a person had drawn from a text of the grid goes to its place, cut where it is four. Done again, it gives the same. */
  takeDrawn: method.input(transferTakeSchema).output(transferTakenSchema),
  /** Forgets it; its pictures stay in the library. */
  remove: method.input(transferReferenceSchema).output(z.array(transferSummarySchema)),
  /** The whole as a table, or as a page that needs no other file. */
  export: method.input(transferExportSchema).output(z.string()),
  /** The whole as one picture of the library: a line for each prompt, the original in front. */
  sheet: method.input(transferReferenceSchema).output(libraryItemSchema),
};
