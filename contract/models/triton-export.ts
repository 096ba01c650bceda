import { z } from 'zod';

/** Where a pack is written as a model repository of Triton: an absolute path that is not there yet, or an empty folder. */
export const tritonRequestSchema = z.object({ packId: z.string(), folder: z.string().min(1).max(4096) });

/** A pack written as a model repository of Triton. */
export const tritonExportSchema = z.object({
  /** Absolute path; in it `models/`, `compose.yaml`, `kubernetes.yaml` and `README.md`. */
  folder: z.string(),
  /** What servers call its models, ensembles last. */
  models: z.array(z.string()),
  /** Of the graphs. */
  bytes: z.number().nonnegative(),
});
export type TritonExport = z.infer<typeof tritonExportSchema>;
