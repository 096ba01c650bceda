import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { InstallSource } from '../../../contract/models/install.ts';
import { StudioError, errorCodeSchema } from '../../../contract/errors.ts';
import type { Progress, RunContext } from '../../running/run-context.ts';
import { conversionRecordSchema } from './conversion-record.ts';
import type { ConversionRecord } from './conversion-record.ts';
import type { PythonEnvironment } from './python-environment.ts';
import { runChild } from './run-child.ts';
import type { ChildEnd } from './run-child.ts';

export interface RecipeOrder {
  /** As `PythonEnvironment.find` gives it. */
  readonly python: string;
  readonly source: Extract<InstallSource, { type: 'checkpoint' }>;
  readonly dtype: 'fp32' | 'fp16';
  /** Absolute; it may hold what an earlier try left. */
  readonly target: string;
}

const recipesFolder = fileURLToPath(new URL('../../../models', import.meta.url));
const detailSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** A line of the recipe's standard output (models/convert/report.py). */
const lineSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    fraction: z.number().min(0).max(1),
    doing: z.enum(['loading', 'converting', 'comparing']),
    part: z.string(),
  }),
  z.object({ type: z.literal('done'), conversion: conversionRecordSchema }),
  z.object({
    type: z.literal('failed'),
    code: errorCodeSchema,
    message: z.string(),
    hint: z.string(),
    details: z.record(z.string(), detailSchema),
  }),
]);
const phases: Readonly<Record<'loading' | 'converting' | 'comparing', Progress['phase']>> = {
  loading: 'loading',
  converting: 'converting',
  comparing: 'scoring',
};

/**
 * Converts a checkpoint into a folder in diffusers' layout, in Python. An abort ends Python at once.
 *
 * @throws StudioError as the recipe says; `memory-exceeded` where the system ended it; `internal`; the signal's reason
 */
export async function runRecipe(
  order: RecipeOrder,
  environment: PythonEnvironment,
  context: RunContext,
): Promise<ConversionRecord> {
  const { source, dtype, target, python } = order;
  let last: z.infer<typeof lineSchema> | null = null;
  const onLine = (text: string): void => {
    const line = lineSchema.safeParse(parseLine(text));
    if (!line.success) {
      context.log(`The conversion said something that cannot be read: ${text.slice(0, 200)}`);
      return;
    }
    last = line.data;
    if (line.data.type !== 'progress') return;
    const { fraction, doing } = line.data;
    context.onProgress({ fraction, phase: phases[doing], step: 0, steps: 0 });
  };
  const args = [
    ...['-m', 'convert', '--ends-with-input', '--checkpoint', source.path, '--output', target, '--dtype', dtype],
    ...source.loras.flatMap(({ path, weight }) => ['--lora', path, String(weight)]),
    ...(source.vae === undefined ? [] : ['--vae', source.vae]),
    ...(source.prediction === undefined ? [] : ['--prediction', source.prediction]),
  ];
  const child = { command: python, args, folder: recipesFolder, environment: environment.variables, onLine };
  const end = await runChild(child, context.signal);
  return toRecord(last, end);
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function toRecord(last: z.infer<typeof lineSchema> | null, { code, signal, lastWords }: ChildEnd): ConversionRecord {
  if (code === 0 && last?.type === 'done') return last.conversion;
  if (last?.type === 'failed') throw new StudioError(last.code, last.message, last.hint, { ...last.details, lastWords });
  const details = { exitCode: code, signal, lastWords };
  if (signal === 'SIGKILL') {
    const message = 'The system ended the conversion, most likely because memory ran out.';
    throw new StudioError('memory-exceeded', message, 'Close other programs, or convert it on a larger machine.', details);
  }
  throw new StudioError('internal', 'The conversion ended before it was done.', 'The details hold its last words.', details);
}
