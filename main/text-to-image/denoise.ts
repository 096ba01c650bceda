import type { Session } from '../tensor/session.ts';
import { createDenoiser } from './denoiser.ts';
import type { Denoiser } from './denoiser.ts';
import { repeatRows } from './conditioning.ts';
import type { Conditioning } from './conditioning.ts';
import type { DecoderFamily } from './families/decoder-family.ts';
import { guide, rescaleGuided } from './guidance.ts';
import type { MaskedRun } from './masks/begin-masked.ts';
import type { NoiseSource } from './noise-source.ts';
import type { Previewer } from './previewer.ts';
import type { Scheduler } from './schedulers/scheduler.ts';

export interface DenoiseRun {
  readonly family: DecoderFamily;
  readonly session: Session;
  readonly scheduler: Scheduler;
  /** [pictures, channels, height, width]; changed in place from noise to clean latents. */
  readonly latents: Float32Array;
  readonly shape: readonly [number, number, number, number];
  /** Negative and positive for guidance; positive alone without. Each is one text for all pictures, or one row a picture. */
  readonly texts: readonly Conditioning[];
  readonly guidanceScale: number;
  /** Share of the guided output that is brought back to the spread of the prompt's own, 0..1. */
  readonly guidanceRescale: number;
  /** Of the pictures, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** Timesteps below it run the positive text alone, at half the cost. */
  readonly guidanceFromTimestep: number;
  readonly noise: NoiseSource;
  /** Null where all of the picture is drawn. */
  readonly masked: MaskedRun | null;
  readonly previewer: Previewer | null;
  readonly beforeRun: () => Promise<void>;
  readonly onStep: (step: number, steps: number) => void;
}

/**
 * The loop of every family: scale the input, ask the denoiser (both halves of the guidance in one run), guide, step, put back what a mask keeps. Guidance in an
 * interval: Kynkäänniemi et al. 2024 (arXiv:2404.07724).
 */
export async function denoise(run: DenoiseRun): Promise<void> {
  const { scheduler, latents, texts, guidanceFromTimestep, noise, masked, previewer, onStep } = run;
  const guided = texts.length === 2 ? denoiserFor(run, texts) : null;
  const alone = denoiserFor(run, texts.slice(-1));
  const drawNoise = (): Float32Array => noise.drawAll();
  const steps = scheduler.timesteps.length - scheduler.firstStep;
  for (let step = scheduler.firstStep; step < scheduler.timesteps.length; step += 1) {
    const timestep = scheduler.timesteps[step] ?? 0;
    const denoiser = timestep >= guidanceFromTimestep ? (guided ?? alone) : alone;
    scheduler.scaleModelInput(latents, step, denoiser.input);
    const predicted = await denoiser.predict(timestep);
    const output = denoiser === guided ? guidePair(predicted, run) : predicted;
    const done = step - scheduler.firstStep + 1;
    if (previewer?.wants(done)) await previewer.show(scheduler, output, latents, step, { done, steps });
    scheduler.step(output, latents, step, drawNoise);
    masked?.putBack(latents, step);
    onStep(done, steps);
  }
}

/** The guided output of a run that held both halves; it takes the place of the first. */
function guidePair(pair: Float32Array, { guidanceScale, guidanceRescale, shape: [pictures] }: DenoiseRun): Float32Array {
  const guided = guide(pair, guidanceScale);
  if (guidanceRescale > 0) rescaleGuided(guided, pair.subarray(guided.length), pictures, guidanceRescale);
  return guided;
}

/** A denoiser for all pictures, once a text. */
function denoiserFor(
  { session, family, shape, guidanceScale, size, masked, beforeRun }: DenoiseRun,
  texts: readonly Conditioning[],
): Denoiser {
  const [pictures, channels, height, width] = shape;
  return createDenoiser(session, family, {
    shape: [pictures * texts.length, channels, height, width],
    conditioning: repeatRows(texts, pictures),
    guidanceScale,
    size,
    shown: masked?.shown ?? null,
    beforeRun,
  });
}
