import { z } from 'zod';

/**
 * What ComfyUI's server answers, as far as it is read. Sources: `server.py`, `execution.py` and `protocol.py` of Comfy-Org/ComfyUI, and
 * the answers of 0.3.64 as recorded (`test/fixtures/comfyui/`).
 */

/** A picture on the server, as `/view` wants it named. */
export const storedPictureSchema = z.object({
  filename: z.string().max(1_000),
  subfolder: z.string().max(1_000).default(''),
  type: z.enum(['input', 'output', 'temp']),
});
export type StoredPicture = z.infer<typeof storedPictureSchema>;

const outputsSchema = z.record(z.string(), z.looseObject({ images: z.array(storedPictureSchema).optional().catch(undefined) }));

/** What is known of a prompt that has ended. */
export const historyEntrySchema = z.looseObject({
  outputs: outputsSchema.catch({}),
  status: z
    .looseObject({
      status_str: z.string(),
      /** Events with what they brought, in their order. */
      messages: z.array(z.tuple([z.string(), z.looseObject({})])).catch([]),
    })
    .nullish(),
  /** As it was queued: number, id, graph, what came beside it. */
  prompt: z.array(z.unknown()).catch([]),
});
export type HistoryEntry = z.infer<typeof historyEntrySchema>;
export const historySchema = z.record(z.string(), historyEntrySchema);

/** Prompts as they wait: number, id, graph, what came beside it, outputs. */
export const queueSchema = z.object({
  queue_running: z.array(z.array(z.unknown())),
  queue_pending: z.array(z.array(z.unknown())),
});

export const queuedSchema = z.object({ prompt_id: z.string().min(1).max(200) });

const failureSchema = z.looseObject({ message: z.string().catch(''), details: z.string().catch('') });
/** Why a prompt was not queued. */
export const refusedSchema = z.object({
  error: z.union([failureSchema, z.string()]),
  node_errors: z
    .record(z.string(), z.looseObject({ class_type: z.string().catch(''), errors: z.array(failureSchema).catch([]) }))
    .catch({}),
});

/** A choice of a node's input: the list itself, or, in newer servers, the word COMBO with the list beside it. */
const choicesSchema = z.union([
  z.tuple([z.array(z.union([z.string(), z.number()]))]).rest(z.unknown()),
  z.tuple([z.literal('COMBO'), z.looseObject({ options: z.array(z.union([z.string(), z.number()])) })]).rest(z.unknown()),
]);
export const nodeInfoSchema = z.record(
  z.string(),
  z.looseObject({
    input: z.looseObject({
      required: z.record(z.string(), z.unknown()).default({}),
      optional: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
);

export type NodeInfo = z.infer<typeof nodeInfoSchema>;

/** What can be chosen for one input of a node; empty for an input that is no choice. */
export function readChoices(info: NodeInfo, node: string, input: string): string[] {
  const parsed = choicesSchema.safeParse(info[node]?.input.required[input]);
  if (!parsed.success) return [];
  const [first, second] = parsed.data;
  const choices = first === 'COMBO' ? (second as { options: (string | number)[] }).options : first;
  return choices.map(String);
}

export const systemSchema = z.looseObject({ system: z.looseObject({ comfyui_version: z.string().max(100).catch('') }) });
export const uploadedSchema = z.object({ name: z.string().min(1), subfolder: z.string().default('') });
