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

/** Which parts of a picture count, and how much: one weight of 0 or more a cell of a grid over it, row-major. */
export interface CellWeights {
  readonly rows: number;
  readonly columns: number;
  readonly weights: Float32Array;
}

export interface JudgeRequest extends PromptOptions {
  /** Of the size the model was trained on; or its latents, as an earlier judgement gave them. */
  readonly original: Pixels | Float32Array;
  readonly texts: readonly PromptInput[];
  readonly looks: readonly Look[];
  /** Absent: all of the picture counts alike. */
  readonly cells?: CellWeights;
  /** Tokens of a row that texts are read in, begin and end included, where the graphs allow it; absent: as texts are drawn. */
  readonly rowLength?: number;
}

export interface Judgement {
  /** Mean squared error of the denoiser's answer over the cells that count, [texts, looks] flattened. */
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
  readonly cells?: CellWeights;
  readonly beforeRun: () => Promise<void>;
}

/**
 * How well the frozen denoiser predicts the noise of a picture when it is told each text: its own training loss, the mean over all cells, or
 * over those that count. Lower is better, and only differences at the same looks mean anything.
 *
 * @returns [texts, looks] flattened
 * @throws StudioError `pack-invalid` for a distilled denoiser, which has no such loss; `bad-request` where no cell counts
 */
export async function judgeTexts(order: TextsToJudge): Promise<Float32Array> {
  const { config, denoiser, latents, texts, looks, cells } = order;
  assertHasLoss(denoiser, config);
  const weights = cells === undefined ? null : weighLatents(cells, config);
  const noised = looks.map(({ seed, level }) =>
    noiseAPicture(config.scheduler, latents, new TorchGenerator(seed).randn(latents.length), level),
  );
  const losses = new Float32Array(texts.length * looks.length);
  for (const part of runsOf(texts, config)) await judgeRun(order, part, noised, weights, losses);
  return losses;
}

/** Whether a denoiser is told of texts in rows of any length: what they say of padding costs most of a short text's time. */
export function takesShortTexts({ inputs }: Session): boolean {
  return typeof inputs.find(({ name }) => name === 'encoder_hidden_states')?.shape[1] !== 'number';
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

async function judgeRun(
  order: TextsToJudge,
  run: Run,
  noised: readonly NoisedPicture[],
  weights: Float32Array | null,
  losses: Float32Array,
): Promise<void> {
  const { config, denoiser, latents, beforeRun } = order;
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
      losses[(run.first + row) * noised.length + look] = meanSquaredError(answer, target, weights);
    }
  }
}

/** @param weights one a cell of the latents, the same for every channel; null: all count alike */
function meanSquaredError(predicted: Float32Array, target: Float32Array, weights: Float32Array | null): number {
  const cells = weights?.length ?? 1;
  let sum = 0;
  let total = 0;
  for (let index = 0; index < target.length; index += 1) {
    const difference = (predicted[index] ?? 0) - (target[index] ?? 0);
    const weight = weights?.[index % cells] ?? 1;
    sum += weight * difference * difference;
    total += weight;
  }
  return sum / total;
}

/** The weights of a grid for each cell of the latents, by the cell of the grid that its middle lies in. */
function weighLatents(
  { rows, columns, weights }: CellWeights,
  { defaultWidth, defaultHeight, scaleFactor }: DecoderConfig,
): Float32Array {
  const [width, height] = [defaultWidth / scaleFactor, defaultHeight / scaleFactor];
  const row = (y: number): number => Math.floor(((y + 0.5) / height) * rows);
  const column = (x: number): number => Math.floor(((x + 0.5) / width) * columns);
  const scaled = Float32Array.from({ length: width * height }, (_, index) => {
    const [y, x] = [Math.floor(index / width), index % width];
    return weights[row(y) * columns + column(x)] ?? 0;
  });
  if (scaled.some((weight) => weight > 0)) return scaled;
  throw new StudioError(
    'bad-request',
    'Nothing of the picture is left to judge by.',
    'Choose a picture whose objects leave some of its scene to be seen.',
  );
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
