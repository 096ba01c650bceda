import { z } from 'zod';

export const deviceNameSchema = z.enum(['cpu', 'webgpu', 'cuda', 'dml', 'coreml']);
export type DeviceName = z.infer<typeof deviceNameSchema>;

/** The servers of one connection in place of a device of this machine: `remote:<id of the connection>`. */
export const remoteDeviceSchema = z.templateLiteral(['remote:', z.string().regex(/[a-z0-9][a-z0-9-]{0,39}/)]);
export type RemoteDevice = z.infer<typeof remoteDeviceSchema>;

/** Where models run: a device of this machine, or servers elsewhere. */
export const deviceSchema = z.union([deviceNameSchema, remoteDeviceSchema]);
export type Device = z.infer<typeof deviceSchema>;

/** The servers of a connection, as a device. */
export const deviceOfConnection = (id: string): RemoteDevice => `remote:${id}`;

/** The connection whose servers run the models; null for a device of this machine. */
export function connectionOfDevice(device: Device): string | null {
  const remote = remoteDeviceSchema.safeParse(device);
  return remote.success ? remote.data.slice('remote:'.length) : null;
}

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
  device: deviceSchema.nullable(),
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
