import { z } from 'zod';
import { folderPathSchema, nameSchema, packFilePathSchema } from './pack-paths.ts';

const namedGraphsSchema = z
  .record(nameSchema, packFilePathSchema)
  .refine((graphs) => Object.keys(graphs).length <= 16, 'at most 16 graphs');

/** Pictures to text by the graphs of a transformers.js repository, each by its name there: `vision_encoder`. */
export const captionerRoleSchema = z.object({
  layout: z.literal('transformers.js'),
  /** `model_type` of its config.json. */
  model: nameSchema,
  graphs: namedGraphsSchema,
  /** Where its configs and its vocabulary are, above the folder of its graphs. */
  tokenizer: folderPathSchema,
});
export type CaptionerRole = z.infer<typeof captionerRoleSchema>;

export const writerRoleSchema = z.discriminatedUnion('layout', [
  /** A language model in one file. It is run where node-llama-cpp was installed besides. */
  z.object({ layout: z.literal('gguf'), file: packFilePathSchema }),
  /** A small one by the graph of a transformers.js repository; its template of a talk is among its texts. */
  z.object({ layout: z.literal('transformers.js'), graphs: namedGraphsSchema, tokenizer: folderPathSchema }),
]);
export type WriterRole = z.infer<typeof writerRoleSchema>;
