import { z } from 'zod';
import type { RecordKind } from '../../../../contract/record.ts';

const boundsSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});
/** Screen pixels, independent of scale. */
export type Bounds = z.infer<typeof boundsSchema>;

const windowStateSchema = z.object({
  /** Where the window is when it is neither maximised nor full screen; null before the first close. */
  bounds: boundsSchema.nullable(),
  maximised: z.boolean(),
  fullScreen: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

export const windowStateRecord: RecordKind<WindowState> = {
  name: 'place of the window',
  version: 1,
  schema: windowStateSchema,
  steps: [],
};

export const firstWindowState: WindowState = { bounds: null, maximised: false, fullScreen: false };
