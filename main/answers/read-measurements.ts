import { join } from 'node:path';
import { z } from 'zod';
import { packLimits } from '../../contract/models/pack-limits.ts';
import type { PackMeasurement } from '../../contract/models/pack.ts';
import type { ResolvedPack } from '../packs/pack-registry.ts';
import { readRegularFile } from '../files/open-regular-file.ts';

const FILE = 'evaluation.json';

/** What is measured beside texts, such as the autoencoder alone, has other figures. */
const evaluationSchema = z.object({ arms: z.record(z.string(), z.unknown()) });
const textArmSchema = z.object({
  objectWordRecall: z.number().min(0).max(1),
  meanAbsoluteError: z.number().min(0).max(1),
  scorerSimilarity: z.number().min(-1).max(1),
  scorerSimilaritySpread: z.number().nonnegative(),
  fidelity: z.number().min(0).max(1).nullish(),
  scenes: z.number().int().positive(),
});

/**
 * What the recipe of the pack measured, from the `evaluation.json` it writes (models/training/evaluate.py): one entry a
 * length, ascending. Empty for a pack that brings no such file, or one that says it otherwise.
 */
export async function readMeasurements({ folder, manifest }: ResolvedPack): Promise<PackMeasurement[]> {
  if (!manifest.files.some(({ path }) => path === FILE)) return [];
  const { textFileBytes: maximumBytes, readTimeoutMs: timeoutMs } = packLimits;
  const bytes = await readRegularFile(join(folder, FILE), { maximumBytes, timeoutMs, followLinks: false }).catch(() => 'null');
  const evaluation = evaluationSchema.safeParse(parseJson(bytes.toString())).data;
  return Object.entries(evaluation?.arms ?? {})
    .flatMap(([name, row]) => {
      const length = Number(/^dediffusion(\d+)$/.exec(name)?.[1]);
      const arm = textArmSchema.safeParse(row).data;
      if (arm === undefined || !(length > 0 && length <= packLimits.longestLength)) return [];
      const { objectWordRecall, scenes } = arm;
      return [
        {
          length,
          scenes,
          objectWordRecall,
          fidelity: arm.fidelity ?? null,
          similarity: arm.scorerSimilarity,
          similaritySpread: arm.scorerSimilaritySpread,
          pixelError: arm.meanAbsoluteError,
        },
      ];
    })
    .sort((a, b) => a.length - b.length);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
