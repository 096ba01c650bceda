import { z } from 'zod';
import { writerChoiceSchema } from './blend.ts';
import { consentRequestSchema, secretNameSchema } from './network.ts';
import type { RecordKind } from './record.ts';

/** How a language model is spoken to. `openai-compatible`: Ollama, LM Studio, llama.cpp's server, vLLM, OpenAI and others. */
export const writerKindSchema = z.enum(['openai-compatible', 'anthropic', 'google']);
export type WriterKind = z.infer<typeof writerKindSchema>;

/** A language model that a person connected. */
export const connectionSchema = z.object({
  /** The name by which it is chosen, such as `ollama`; `builtin` is taken. */
  id: writerChoiceSchema.refine((id) => id !== 'builtin', 'builtin are the rules'),
  kind: writerKindSchema,
  /** Where it is asked, with its path, such as http://127.0.0.1:11434/v1. */
  address: z.url({ protocol: /^https?$/ }).max(300),
  /** As the server names it. */
  model: z.string().trim().min(1).max(200),
  /** The name of the key that goes along; null where none is needed. */
  secret: secretNameSchema.nullable().default(null),
  /** Most tokens of an answer. */
  answerTokens: z.number().int().min(50).max(100_000).default(1_000),
  /** Tokens the model reads at once; null: not known. */
  contextTokens: z.number().int().min(500).nullable().default(null),
  /** Longest wait for the first word and between two, in seconds. */
  patienceSeconds: z.number().int().min(1).max(3600).default(120),
  /** What a million tokens cost, and what may be spent in all, in one currency; null where nobody said. */
  price: z
    .object({ input: z.number().nonnegative(), output: z.number().nonnegative(), limit: z.number().nonnegative().nullable() })
    .nullable()
    .default(null),
});
export type Connection = z.infer<typeof connectionSchema>;
export type ConnectionRequest = z.input<typeof connectionSchema>;

/** Tokens that a server counted for a connection, over all its answers. */
export const spentSchema = z.object({
  answers: z.number().int().nonnegative(),
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
  /** By the connection's prices; null where nobody said them. */
  cost: z.number().nonnegative().nullable(),
});
export type Spent = z.infer<typeof spentSchema>;

export const connectionStateSchema = connectionSchema.extend({
  spent: spentSchema,
  /** Whether a person has agreed that texts go there. */
  allowed: z.boolean(),
  /** Whether its key is set; true where it needs none. */
  keySet: z.boolean(),
  /** What a person has to read and agree to, for `network.allow`. */
  consent: consentRequestSchema,
});
export type ConnectionState = z.infer<typeof connectionStateSchema>;

/** What came of a short question. */
export const connectionTestSchema = z.object({
  /** Its answer, in a few words. */
  answer: z.string(),
  firstWordMs: z.number().nonnegative(),
  totalMs: z.number().nonnegative(),
  /** Whether the server kept the answer to the form that was asked for. */
  structured: z.boolean(),
});
export type ConnectionTest = z.infer<typeof connectionTestSchema>;

/** A program with language models that runs on this machine. */
export const foundProgramSchema = z.object({
  program: z.enum(['Ollama', 'LM Studio', 'llama.cpp']),
  address: z.string(),
  models: z.array(z.string()),
});
export type FoundProgram = z.infer<typeof foundProgramSchema>;

/** `connections.json` in the data folder. No key is in it, only names of keys. */
export const connectionListSchema = z.object({
  connections: z.array(connectionSchema).max(100),
  spent: z.record(z.string(), spentSchema.omit({ cost: true })),
});
export type ConnectionList = z.infer<typeof connectionListSchema>;
export const connectionListRecord: RecordKind<ConnectionList> = {
  name: 'list of connections',
  version: 1,
  schema: connectionListSchema,
  steps: [],
};

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
