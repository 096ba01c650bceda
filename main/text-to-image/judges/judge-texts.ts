import { StudioError } from '../../../contract/errors.ts';
import type { Pixels } from '../../image/pixels.ts';
import type { Session } from '../../tensor/session.ts';
import { TorchGenerator } from '../../tensor/seeded-noise.ts';
import { canShareRun, stackTexts } from '../conditioning.ts';
import type { Conditioning } from '../conditioning.ts';
import { createDenoiser, hasEmbeddedGuidance } from '../denoiser.ts';
import { picturesAtOnce } from '../picture-batches.ts';
import type { PromptInput, PromptOptions } from '../generate-request.ts';
import { noiseAPicture } from './noise-a-picture.ts';
import type { NoisedPicture } from './noise-a-picture.ts';
import type { DecoderConfig } from '../read-decoder-folder.ts';

/** One noise at one level. All texts are judged at the same looks, so that most of the noise cancels where their losses are compared. */
export interface Look {
  readonly seed: number;
  /** Share of the training steps, or σ of a flow; over 0 and below 1. */
  readonly level: number;
}

export interface JudgeRequest extends PromptOptions {
  /** Of the size the model was trained on; or its latents, as an earlier judgement gave them. */
  readonly original: Pixels | Float32Array;
  readonly texts: readonly PromptInput[];
  readonly looks: readonly Look[];
}

export interface Judgement {
  /** Mean squared error of the denoiser's answer, [texts, looks] flattened. */
  readonly losses: Float32Array;
  /** Of the original, in the denoiser's range. */
  readonly latents: Float32Array;
}

export interface TextsToJudge {
  readonly config: DecoderConfig;
  readonly denoiser: Session;
  readonly latents: Float32Array;
  /** [1, …] an input, one a text. */
  readonly texts: readonly Conditioning[];
  readonly looks: readonly Look[];
  readonly beforeRun: () => Promise<void>;
  readonly onRun: (rows: number) => void;
}

/**
 * How well the frozen denoiser predicts the noise of a picture when it is told each text: its own training loss, the plain mean over all
 * cells. Lower is better, and only differences at the same looks mean anything.
 *
 * @returns [texts, looks] flattened
 * @throws StudioError `pack-invalid` for a distilled denoiser, which has no such loss
 */
export async function judgeTexts(order: TextsToJudge): Promise<Float32Array> {
  const { config, denoiser, latents, texts, looks } = order;
  assertHasLoss(denoiser, config);
  const noised = looks.map(({ seed, level }) =>
    noiseAPicture(config.scheduler, latents, new TorchGenerator(seed).randn(latents.length), level),
  );
  const losses = new Float32Array(texts.length * looks.length);
  for (const part of runsOf(texts, config)) await judgeRun(order, part, noised, losses);
  return losses;
}

interface Run {
  readonly first: number;
  readonly texts: readonly Conditioning[];
}

/** Texts that go together: of the same number of chunks, and as many as guided pictures have rows, which are two each. */
function runsOf(texts: readonly Conditioning[], { defaultWidth: width, defaultHeight: height }: DecoderConfig): Run[] {
  const most = 2 * picturesAtOnce({ width, height }, true);
  const runs: { first: number; texts: Conditioning[] }[] = [];
  for (const [index, text] of texts.entries()) {
    const open = runs.at(-1);
    const [sample] = open?.texts ?? [];
    if (open !== undefined && sample !== undefined && open.texts.length < most && canShareRun(sample, text))
      open.texts.push(text);
    else runs.push({ first: index, texts: [text] });
  }
  return runs;
}

async function judgeRun(order: TextsToJudge, run: Run, noised: readonly NoisedPicture[], losses: Float32Array): Promise<void> {
  const { config, denoiser, latents, beforeRun, onRun } = order;
  const { latentChannels, scaleFactor, family, defaultWidth: width, defaultHeight: height } = config;
  const rows = run.texts.length;
  const [conditioning = {}] = stackTexts(run.texts.map((text) => [text]));
  const asked = createDenoiser(denoiser, family, {
    shape: [rows, latentChannels, height / scaleFactor, width / scaleFactor],
    conditioning,
    guidanceScale: 1,
    size: { width, height },
    shown: null,
    beforeRun,
  });
  for (const [look, { timestep, sample, target }] of noised.entries()) {
    for (let row = 0; row < rows; row += 1) asked.input.set(sample, row * latents.length);
    const predicted = await asked.predict(timestep);
    for (let row = 0; row < rows; row += 1) {
      const answer = predicted.subarray(row * latents.length, (row + 1) * latents.length);
      losses[(run.first + row) * noised.length + look] = meanSquaredError(answer, target);
    }
    onRun(rows);
  }
}

function meanSquaredError(predicted: Float32Array, target: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < target.length; index += 1) {
    const difference = (predicted[index] ?? 0) - (target[index] ?? 0);
    sum += difference * difference;
  }
  return sum / target.length;
}

/** Distilled denoisers jump to the picture; what they answer in between was never held to the noise. */
function assertHasLoss(denoiser: Session, { family, scheduler }: DecoderConfig): void {
  const isConsistency = /LCM|TCD/.test(scheduler.className ?? '');
  if (!isConsistency && (family.denoiser.component === 'transformer' || !hasEmbeddedGuidance(denoiser, family))) return;
  throw new StudioError(
    'pack-invalid',
    'This decoder was distilled to draw in a few steps, and cannot judge how well a text fits a picture.',
    'Choose the model it was distilled from, or solve by redrawing.',
  );
}
