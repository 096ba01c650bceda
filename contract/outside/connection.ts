import { z } from 'zod';
import { writerChoiceSchema } from '../texts/blend.ts';
import { consentRequestSchema, secretNameSchema } from './network.ts';
import type { ConsentRequest } from './network.ts';
import type { RecordKind } from '../record.ts';
import { workflowSchema } from './workflow.ts';

/** How a language model is spoken to. `openai-compatible`: Ollama, LM Studio, llama.cpp's server, vLLM, OpenAI and others. */
export const writerKindSchema = z.enum(['openai-compatible', 'anthropic', 'google']);
export type WriterKind = z.infer<typeof writerKindSchema>;

/**
 * How a tool that draws is spoken to. `a1111`: the web UI, Forge, SD.Next and others with its API; `openai-images`: OpenAI and others with
 * theirs; `google-images`: Gemini and Imagen.
 */
export const toolKindSchema = z.enum(['comfyui', 'a1111', 'invokeai', 'openai-images', 'google-images', 'stability']);
export type ToolKind = z.infer<typeof toolKindSchema>;

/** Tools with a queue of their own: what was asked of them is found there again. */
export const hasQueue = (kind: ConnectionKind | undefined): boolean => kind === 'comfyui' || kind === 'invokeai';
/** Tools that do not tell what their model was made from. */
export const needsFamily = (kind: ConnectionKind): boolean => kind === 'comfyui' || kind === 'a1111';

/** How servers that run models are spoken to: KServe's protocol, version 2 (Triton, KServe, MLServer, OpenVINO's model server), over HTTP or over gRPC. */
export const clusterKindSchema = z.enum(['kserve', 'kserve-grpc']);
export type ClusterKind = z.infer<typeof clusterKindSchema>;

export const connectionKindSchema = z.enum([
  ...writerKindSchema.options,
  ...toolKindSchema.options,
  ...clusterKindSchema.options,
]);
export type ConnectionKind = z.infer<typeof connectionKindSchema>;

/** What a tool's model was made from: it decides how large it draws, and which graph ComfyUI is sent. */
export const toolFamilySchema = z.enum(['sd-1', 'sdxl']);
export type ToolFamily = z.infer<typeof toolFamilySchema>;

/** The name by which a connection is chosen, such as `ollama`; `builtin` is taken. */
export const connectionIdSchema = writerChoiceSchema.refine((id) => id !== 'builtin', 'builtin are the rules');

const addressSchema = z.url({ protocol: /^https?$/ }).max(300);

const placeSchema = z.object({
  id: connectionIdSchema,
  /** Where it is asked, with its path, such as http://127.0.0.1:11434/v1. */
  address: addressSchema,
  /** As the server names it. */
  model: z.string().trim().min(1).max(200),
  /** The name of the key that goes along; null where none is needed. */
  secret: secretNameSchema.nullable().default(null),
  /** Longest wait for the first sign of an answer and between two, in seconds. */
  patienceSeconds: z.number().int().min(1).max(3600).default(120),
});

/** A language model that a person connected. */
export const writerConnectionSchema = placeSchema.extend({
  kind: writerKindSchema,
  /** Whether it is shown pictures, to say what they show. */
  sees: z.boolean().default(false),
  /** Most tokens of an answer. */
  answerTokens: z.number().int().min(50).max(100_000).default(1_000),
  /** Tokens the model reads at once; null: not known. */
  contextTokens: z.number().int().min(500).nullable().default(null),
  /** What a million tokens cost, and what may be spent in all, in one currency; null where nobody said. */
  price: z
    .object({ input: z.number().nonnegative(), output: z.number().nonnegative(), limit: z.number().nonnegative().nullable() })
    .nullable()
    .default(null),
});
export type WriterConnection = z.infer<typeof writerConnectionSchema>;

/** Another program that draws, which a person connected. */
export const toolConnectionSchema = placeSchema.extend({
  kind: toolKindSchema,
  family: toolFamilySchema.default('sd-1'),
  /** What a picture costs, and what may be spent in all, in one currency; null where nobody said. */
  price: z.object({ picture: z.number().nonnegative(), limit: z.number().nonnegative().nullable() }).nullable().default(null),
  /** Of ComfyUI: the artist's own graph; null for ours. */
  workflow: workflowSchema.nullable().default(null),
  /** Of ComfyUI: the other servers that draw the same, each in a lane of its own; `address` is the first. */
  moreAddresses: z.array(addressSchema).max(31).default([]),
});
export type ToolConnection = z.infer<typeof toolConnectionSchema>;

/** Servers that run the graphs of packs, which a person connected. All of them have the same models. */
export const clusterConnectionSchema = placeSchema.omit({ model: true }).extend({
  kind: clusterKindSchema,
  /** Of the other servers; `address` is the first. */
  moreAddresses: z.array(addressSchema).max(63).default([]),
  /** Longest wait for the answer to one run, in seconds; then another server is asked. */
  patienceSeconds: placeSchema.shape.patienceSeconds.unwrap().default(30),
  /** Requests that are under way to each server at the same time, so that none waits for the next one to arrive. */
  requestsAtOnce: z.number().int().min(1).max(64).default(2),
});
export type ClusterConnection = z.infer<typeof clusterConnectionSchema>;

/** What a person connected: one list of all kinds. */
export const connectionSchema = z
  .discriminatedUnion('kind', [writerConnectionSchema, toolConnectionSchema, clusterConnectionSchema])
  .refine(
    (connection) =>
      !isTool(connection) ||
      connection.kind === 'comfyui' ||
      (connection.workflow === null && connection.moreAddresses.length === 0),
    { message: 'Only ComfyUI takes a workflow, or has several servers.', path: ['kind'] },
  );
export type Connection = z.infer<typeof connectionSchema>;
export type ConnectionRequest = z.input<typeof connectionSchema>;

/** What came of a connection, over all its answers. */
export const spentSchema = z.object({
  /** Of a tool: pictures. */
  answers: z.number().int().nonnegative(),
  /** As the server counted them; 0 where it counts none. */
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
  /** By the connection's prices; null where nobody said them. */
  cost: z.number().nonnegative().nullable(),
});
export type Spent = z.infer<typeof spentSchema>;

const stateSchema = {
  spent: spentSchema,
  /** Whether a person has agreed that things go there. */
  allowed: z.boolean(),
  /** Whether its key is set; true where it needs none. */
  keySet: z.boolean(),
  /** What a person has to read and agree to, for `network.allow`. */
  consent: consentRequestSchema,
};
export const writerStateSchema = writerConnectionSchema.extend(stateSchema);
export type WriterState = z.infer<typeof writerStateSchema>;
/** The same for the other servers: each place is agreed to for itself. */
const moreConsents = z.array(consentRequestSchema);
export const toolStateSchema = toolConnectionSchema.extend({ ...stateSchema, moreConsents });
export type ToolState = z.infer<typeof toolStateSchema>;
export const clusterStateSchema = clusterConnectionSchema.extend({ ...stateSchema, moreConsents });
export type ClusterState = z.infer<typeof clusterStateSchema>;
export const connectionStateSchema = z.discriminatedUnion('kind', [writerStateSchema, toolStateSchema, clusterStateSchema]);
export type ConnectionState = z.infer<typeof connectionStateSchema>;

/** Tells servers that run models from what writes and what draws. */
export function isCluster<One extends { readonly kind: ConnectionKind }>(
  connection: One,
): connection is Extract<One, { readonly kind: ClusterKind }> {
  return clusterKindSchema.safeParse(connection.kind).success;
}

/** Where every server of a connection is asked. */
export const addressesOf = (connection: Connection): string[] =>
  'moreAddresses' in connection ? [connection.address, ...connection.moreAddresses] : [connection.address];

/** Everything a person has to agree to for a connection: one place, or one for each of its servers. */
export function consentsOf(connection: ConnectionState): ConsentRequest[] {
  return 'moreConsents' in connection ? [connection.consent, ...connection.moreConsents] : [connection.consent];
}

/** Tells a tool that draws from what writes, and from servers that run models. */
export function isTool<One extends { readonly kind: ConnectionKind }>(
  connection: One,
): connection is Extract<One, { readonly kind: ToolKind }> {
  return toolKindSchema.safeParse(connection.kind).success;
}

/** What came of a short question to a language model. */
export const writerTestSchema = z.object({
  type: z.literal('writer'),
  /** Its answer, in a few words. */
  answer: z.string(),
  firstWordMs: z.number().nonnegative(),
  totalMs: z.number().nonnegative(),
  /** Whether the server kept the answer to the form that was asked for. */
  structured: z.boolean(),
});
/** What a tool says it is and has; nothing is drawn for it. */
export const toolTestSchema = z.object({
  type: z.literal('tool'),
  /** The program as it names itself, with its version where it tells one. */
  program: z.string(),
  totalMs: z.number().nonnegative(),
  models: z.array(z.string()),
  /** Of the studio's own, how many it has too. */
  schedulers: z.number().int().nonnegative(),
  /** Of an artist's own workflow: where the studio writes what, as writeMarks has it. */
  marks: z.string().optional(),
});
/** What each server of a connection says it is; no model is run for it. */
export const clusterTestSchema = z.object({
  type: z.literal('cluster'),
  servers: z.array(
    z.object({
      address: z.string(),
      /** As it names itself, with its version. */
      program: z.string(),
      /** Whether numbers go to it as bytes; else as text, which is many times slower. */
      binary: z.boolean(),
    }),
  ),
  totalMs: z.number().nonnegative(),
});
export const connectionTestSchema = z.discriminatedUnion('type', [writerTestSchema, toolTestSchema, clusterTestSchema]);
export type ConnectionTest = z.infer<typeof connectionTestSchema>;
export type WriterTest = z.infer<typeof writerTestSchema>;
export type ToolTest = z.infer<typeof toolTestSchema>;
export type ClusterTest = z.infer<typeof clusterTestSchema>;

/** A program that runs on this machine and can be connected. */
export const foundProgramSchema = z.object({
  program: z.enum(['Ollama', 'LM Studio', 'llama.cpp', 'ComfyUI', 'web UI', 'InvokeAI']),
  kind: connectionKindSchema,
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

/** Version 1 knew language models only. */
const knowTools = (older: unknown): unknown => older;
/** Version 2 knew no servers that run models. */
const knowClusters = (older: unknown): unknown => older;
/** Version 3 showed no picture to a language model, and would not ask whether it may; it knew fewer tools, no workflows of artists, and one server a tool. */
const knowSeersAndWorkflows = (older: unknown): unknown => older;
/** Version 4 asked servers that run models over HTTP alone. */
const knowGrpc = (older: unknown): unknown => older;

export const connectionListRecord: RecordKind<ConnectionList> = {
  name: 'list of connections',
  version: 5,
  schema: connectionListSchema,
  steps: [knowTools, knowClusters, knowSeersAndWorkflows, knowGrpc],
};
