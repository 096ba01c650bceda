import { z } from 'zod';

export const deviceNameSchema = z.enum(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']);
export type DeviceName = z.infer<typeof deviceNameSchema>;

/** One execution provider, whether it works here, and the reason in words. */
export const deviceProbeSchema = z.object({
  device: deviceNameSchema,
  available: z.boolean(),
  reason: z.string(),
  /** Time of the probe graph, or null when it did not run. */
  probeMs: z.number().nullable(),
});
export type DeviceProbe = z.infer<typeof deviceProbeSchema>;

export const engineStatusSchema = z.object({
  state: z.enum(['stopped', 'starting', 'idle', 'busy', 'failed']),
  device: deviceNameSchema.nullable(),
  /** Why this device was chosen. */
  reason: z.string(),
  memoryBytes: z.number().nonnegative(),
  memoryBudgetBytes: z.number().nonnegative(),
  loadedSessions: z.array(z.string()),
  restarts: z.number().int().nonnegative(),
});
export type EngineStatus = z.infer<typeof engineStatusSchema>;

export const studioInfoSchema = z.object({
  versions: z.object({ studio: z.string(), node: z.string(), onnxruntime: z.string() }),
  defaultPackId: z.string(),
  libraryItems: z.number().int().nonnegative(),
  engine: engineStatusSchema,
  devices: z.array(deviceProbeSchema),
  /** What was damaged in the data folder and is made again, one sentence each; the damaged files are kept beside it. */
  repairs: z.array(z.string()),
});
export type StudioInfo = z.infer<typeof studioInfoSchema>;
