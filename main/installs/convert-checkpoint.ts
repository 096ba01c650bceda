import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstallAgreement } from '../../contract/models/install.ts';
import { StudioError } from '../../contract/errors.ts';
import type { FetchReport } from '../downloads/fetch-files.ts';
import type { RunContext } from '../running/run-context.ts';
import { WeightedProgress } from '../running/weighted-progress.ts';
import { chooseFiles } from './choose-files.ts';
import { describeConversion } from './conversion/conversion-record.ts';
import type { PythonEnvironment } from './conversion/python-environment.ts';
import { readCheckpoint } from './conversion/read-checkpoint.ts';
import { runRecipe } from './conversion/run-recipe.ts';
import type { FoundSource } from './find-source.ts';
import { listOffered } from './install-folder.ts';
import { memoryOf, writeManifest } from './write-manifest.ts';
import type { WrittenManifest } from './write-manifest.ts';

type FoundCheckpoint = Extract<FoundSource, { type: 'checkpoint' }>;

/** About the time each takes; an environment that is there costs none. */
const weights = { environment: 30, recipe: 65, manifest: 5 };

/**
 * Makes a pack of a checkpoint: a recipe in Python writes its graphs and compares them, and they are adopted as any folder is. The
 * checkpoint stays as it is.
 *
 * @param target A folder of the studio's own, empty or with what an earlier try left.
 * @throws StudioError `consent-needed` where the environment has to be made and nobody agreed to that; as `PythonEnvironment.make`,
 *   `runRecipe` and `writeManifest` do
 */
export async function convertCheckpoint(
  found: FoundCheckpoint,
  target: string,
  agreed: InstallAgreement,
  environment: PythonEnvironment,
  context: RunContext,
): Promise<WrittenManifest & { readonly report: FetchReport }> {
  const progress = new WeightedProgress(context, weights);
  const python = (await environment.find()) ?? (await makeAgreed(environment, agreed, progress.part('environment')));
  const { choice, source, packId, name } = found;
  const order = { python, source, dtype: dtypeOf(choice.dtype), target } as const;
  const record = await runRecipe(order, environment, progress.part('recipe'));
  // The recipe's own way station, where it was ended in the middle.
  await rm(join(target, 'configs'), { recursive: true, force: true });
  const shape = chooseFiles(await listOffered(target));
  const { summary, source: from, notes } = describeConversion(record);
  const facts = {
    id: packId,
    name: choice.name ?? record.title ?? name,
    summary,
    licence: choice.licence ?? record.licence,
    source: from,
    knownSums: new Map<string, string>(),
  };
  progress.part('manifest').onProgress({ fraction: 0, phase: 'saving', step: 0, steps: 0 });
  const written = await writeManifest(target, shape, facts, context.signal);
  const takenBytes = written.manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  return { ...written, notes: [...notes, ...written.notes], report: { fetchedBytes: 0, droppedBytes: 0, takenBytes } };
}

/** What would be made of it, as far as headers tell. @throws StudioError as `readCheckpoint` and `dtypeOf` do */
export async function planCheckpoint({ source, choice }: FoundCheckpoint) {
  const { parameters, licence } = await readCheckpoint(source.path);
  // A pickle among them is told before anything is made for the conversion.
  for (const path of [...source.loras.map((lora) => lora.path), ...(source.vae === undefined ? [] : [source.vae])])
    await readCheckpoint(path);
  const bytes = parameters * (dtypeOf(choice.dtype) === 'fp16' ? 2 : 4);
  return {
    revision: null,
    licence: choice.licence ?? licence ?? 'unknown',
    commercial: undefined,
    note: '',
    does: ['draws'] as const,
    devices: ['cpu'] as const,
    bytes,
    // Graphs and configs of as many parts; nobody counts them before they are there.
    files: 0,
    memoryMb: memoryOf(bytes),
  };
}

/** Full precision unless halves are asked for. @throws StudioError `bad-request` for any other */
function dtypeOf(ending: string | undefined): 'fp32' | 'fp16' {
  if (ending === undefined || ending === '') return 'fp32';
  if (ending === '_fp16') return 'fp16';
  const hint = 'Choose fp32 or fp16.';
  throw new StudioError('bad-request', `Checkpoints are not converted to ${ending.slice(1)}.`, hint, { dtype: ending });
}

async function makeAgreed(environment: PythonEnvironment, agreed: InstallAgreement, context: RunContext): Promise<string> {
  if (agreed.environment === true) return environment.make(context);
  const message = 'The conversion needs a Python environment, and nobody has agreed that one is made.';
  throw new StudioError('consent-needed', message, 'Ask for the conversion again and agree to it.', {});
}
