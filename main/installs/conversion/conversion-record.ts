import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../../contract/errors.ts';
import { sha256Schema } from '../../../contract/identity.ts';
import { packLimits } from '../../../contract/models/pack-limits.ts';
import type { PackManifest } from '../../../contract/models/pack.ts';
import { readPackText } from '../../storage/read-pack-text.ts';

/** In a folder that the recipe made, and in the pack that it became. */
export const CONVERSION_FILE = 'conversion.json';

const nameSchema = z.string().max(packLimits.nameCharacters);
const sourceFileSchema = z.object({ file: nameSchema, bytes: z.number().nonnegative(), sha256: sha256Schema });

/** What `models/convert` says of what it did. Keys that nobody here reads stay in the file. */
export const conversionRecordSchema = z.object({
  schemaVersion: z.literal(1),
  family: z.enum(['sd1', 'sd2', 'sdxl']),
  dtype: z.enum(['fp32', 'fp16']),
  source: sourceFileSchema,
  vae: sourceFileSchema.nullable(),
  loras: z.array(sourceFileSchema.extend({ weight: z.number() })).max(packLimits.listEntries),
  licence: nameSchema.nullable(),
  title: nameSchema.nullable(),
  /** How far each graph is from PyTorch: `states` and `latents` in their own numbers, a `picture` in steps of 255. */
  findings: z
    .array(
      z.object({
        graph: nameSchema,
        what: z.enum(['states', 'latents', 'picture']),
        of: z.enum(['largest', 'mean']),
        difference: z.number().nonnegative(),
        bound: z.number().nonnegative(),
      }),
    )
    .max(16),
});
export type ConversionRecord = z.infer<typeof conversionRecordSchema>;

/**
 * The record of a folder; null where there is none. It is told about, and nothing is run by it.
 * @throws StudioError `pack-invalid` for one that does not parse
 */
export async function readConversionRecord(folder: string): Promise<ConversionRecord | null> {
  const path = join(folder, CONVERSION_FILE);
  const text = await readPackText(path);
  if (text === null) return null;
  try {
    return conversionRecordSchema.parse(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.slice(0, 300) : String(cause);
    const hint = 'Convert the checkpoint again, or take that file out of the folder.';
    throw new StudioError('pack-invalid', `${CONVERSION_FILE} does not say what it should.`, hint, { path, reason }, cause);
  }
}

const families = { sd1: 'Stable Diffusion 1', sd2: 'Stable Diffusion 2', sdxl: 'Stable Diffusion XL' };

/** What a manifest says of a converted pack: its source is the checkpoint's file, by its sha256. */
export function describeConversion(record: ConversionRecord): {
  readonly summary: string;
  readonly source: PackManifest['source'];
  readonly notes: readonly string[];
} {
  const { family, dtype, source, loras, vae, findings } = record;
  const changes = [
    ...loras.map(({ file, weight }) => `${file} (${weight})`),
    ...(vae === null ? [] : [`the autoencoder ${vae.file}`]),
  ];
  const withChanges = changes.length === 0 ? '' : ` with ${changes.join(', ')}`;
  const flags = [
    ...loras.map(({ file, weight }) => ` --lora ${file}:${weight}`),
    ...(vae === null ? [] : [` --vae ${vae.file}`]),
    ...(dtype === 'fp16' ? [' --dtype fp16'] : []),
  ];
  const gaps = findings.map(({ graph, difference, what, of }) => {
    const unit = what === 'picture' ? ' of 255' : '';
    return `${graph} ${difference.toPrecision(2)}${unit} (${of})`;
  });
  return {
    summary: `Converted from ${source.file} (${families[family]}, ${dtype})${withChanges}.`,
    source: {
      repository: source.file,
      revision: source.sha256,
      command: `dediffusion packs convert ${source.file}${flags.join('')}`,
      seed: 0,
    },
    notes: gaps.length === 0 ? [] : [`Its graphs were compared with PyTorch; how far they are apart: ${gaps.join(', ')}.`],
  };
}
