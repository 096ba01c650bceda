import { z } from 'zod';
import type { ConnectionKind, FoundProgram } from '../../contract/outside/connection.ts';
import { StudioError } from '../../contract/errors.ts';
import type { NetworkPurpose } from '../../contract/outside/network.ts';
import type { Network } from '../network/network.ts';

type ProgramName = FoundProgram['program'];

interface Program {
  readonly kind: ConnectionKind;
  readonly purpose: NetworkPurpose;
  /** Where it listens unless it is told otherwise. */
  readonly port: number;
  /** What lists its models. */
  readonly path: string;
  /** Where a connection to it is asked, behind the port. */
  readonly base: string;
  /** The names in that list. */
  readonly models: z.ZodType<string[]>;
}

const openAiModels = z
  .object({ data: z.array(z.object({ id: z.string() })).max(1_000) })
  .transform(({ data }) => data.map(({ id }) => id));
const languageModel = {
  kind: 'openai-compatible',
  purpose: 'language-model',
  path: '/v1/models',
  base: '/v1',
  models: openAiModels,
} as const;
const programs: Readonly<Record<ProgramName, Program>> = {
  Ollama: { ...languageModel, port: 11434 },
  'LM Studio': { ...languageModel, port: 1234 },
  'llama.cpp': { ...languageModel, port: 8080 },
  ComfyUI: {
    ...{ kind: 'comfyui', purpose: 'image-tool', port: 8188, path: '/models/checkpoints', base: '' },
    models: z.array(z.string()).max(10_000),
  },
  'web UI': {
    ...{ kind: 'a1111', purpose: 'image-tool', port: 7860, path: '/sdapi/v1/sd-models', base: '' },
    models: z
      .array(z.object({ model_name: z.string() }))
      .max(10_000)
      .transform((models) => models.map(({ model_name: name }) => name)),
  },
  InvokeAI: {
    ...{ kind: 'invokeai', purpose: 'image-tool', port: 9090, path: '/api/v2/models/?model_type=main', base: '' },
    models: z
      .object({ models: z.array(z.object({ name: z.string(), type: z.string() })).max(10_000) })
      .transform(({ models }) => models.flatMap(({ name, type }) => (type === 'main' ? [name] : []))),
  },
};

async function look(
  network: Network,
  program: ProgramName,
  ports: Partial<Record<ProgramName, number>>,
  signal: AbortSignal | undefined,
): Promise<FoundProgram | null> {
  const { kind, purpose, path, base, models: schema, port: usual } = programs[program];
  const port = ports[program] ?? usual;
  try {
    const answer = await network.lookHere({ purpose, port, path, signal });
    const models = schema.safeParse(await answer.json());
    if (!models.success) return null;
    return { program, kind, address: `http://127.0.0.1:${port}${base}`, models: models.data };
  } catch (error) {
    // Nothing is there, or another program.
    if (error instanceof StudioError) return null;
    throw error;
  }
}

/**
 * The programs on this machine that can be connected, with the models each has. Nothing of them is used by this.
 * @param ports where they listen instead of their usual ones
 */
export async function findLocalPrograms(
  network: Network,
  signal: AbortSignal | undefined,
  ports: Partial<Record<ProgramName, number>> = {},
): Promise<FoundProgram[]> {
  const names = Object.keys(programs) as ProgramName[];
  const found = await Promise.all(names.map((program) => look(network, program, ports, signal)));
  return found.filter((one) => one !== null);
}
