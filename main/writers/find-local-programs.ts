import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import type { FoundProgram } from '../../contract/writer.ts';
import type { Network } from '../network/network.ts';

/** Where the usual programs listen unless they are told otherwise. */
export const usualPorts: Readonly<Record<FoundProgram['program'], number>> = {
  Ollama: 11434,
  'LM Studio': 1234,
  'llama.cpp': 8080,
};

const modelsSchema = z.object({ data: z.array(z.object({ id: z.string() })).max(1_000) });

async function look(
  network: Network,
  program: FoundProgram['program'],
  port: number,
  signal: AbortSignal | undefined,
): Promise<FoundProgram | null> {
  try {
    const answer = await network.lookHere({ purpose: 'language-model', port, path: '/v1/models', signal });
    const models = modelsSchema.safeParse(await answer.json());
    if (!models.success) return null;
    return { program, address: `http://127.0.0.1:${port}/v1`, models: models.data.data.map(({ id }) => id) };
  } catch (error) {
    // Nothing is there, or another program.
    if (error instanceof StudioError) return null;
    throw error;
  }
}

/** The programs with language models that run on this machine, with the models each has. Nothing of them is used by this. */
export async function findLocalPrograms(
  network: Network,
  signal: AbortSignal | undefined,
  ports: Readonly<Record<FoundProgram['program'], number>> = usualPorts,
): Promise<FoundProgram[]> {
  const programs = Object.entries(ports) as [FoundProgram['program'], number][];
  const found = await Promise.all(programs.map(([program, port]) => look(network, program, port, signal)));
  return found.filter((one) => one !== null);
}
