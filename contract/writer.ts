import { z } from 'zod';
import type { RecordKind } from './record.ts';

const exampleTextSchema = z.string().max(4_000);
/** What a language model is asked with. A changed one is a new version; older ones stay. */
export const writerTemplateSchema = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  version: z.number().int().positive(),
  name: z.string().trim().min(1).max(100),
  /** What the model is and how it shall write. `{limit}` and `{language}` are filled in. */
  system: z.string().min(1).max(20_000),
  /** Blends as they shall be, in the model's own turn. */
  examples: z
    .array(z.object({ a: exampleTextSchema, b: exampleTextSchema, aPlusB: exampleTextSchema, bPlusA: exampleTextSchema }))
    .max(10),
});
export type WriterTemplate = z.infer<typeof writerTemplateSchema>;
export const writerTemplateChangeSchema = writerTemplateSchema.omit({ version: true });

/** `templates.json` in the data folder. */
export const templateListSchema = z.object({ templates: z.array(writerTemplateSchema).max(1_000) });
export const templateListRecord: RecordKind<z.infer<typeof templateListSchema>> = {
  name: 'list of templates',
  version: 1,
  schema: templateListSchema,
  steps: [],
};
