import type { Session } from '../tensor/session.ts';
import { createDenoiser } from './denoiser.ts';
import { repeatRows } from './conditioning.ts';
import type { Conditioning } from './conditioning.ts';
import type { DecoderFamily } from './families/decoder-family.ts';
import { guide } from './guidance.ts';
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
  readonly noise: NoiseSource;
  readonly previewer: Previewer | null;
  readonly beforeRun: () => Promise<void>;
  readonly onStep: (step: number, steps: number) => void;
}

/** The loop of every family: scale the input, ask the denoiser (both halves of the guidance in one run), guide, step. */
export async function denoise(run: DenoiseRun): Promise<void> {
  const { family, session, scheduler, latents, shape, texts, guidanceScale, noise, previewer, beforeRun, onStep } = run;
  const [pictures, channels, height, width] = shape;
  const denoiser = createDenoiser(session, family, {
    shape: [pictures * texts.length, channels, height, width],
    conditioning: repeatRows(texts, pictures),
    guidanceScale,
    beforeRun,
  });
  const drawNoise = (): Float32Array => noise.drawAll();
  const steps = scheduler.timesteps.length - scheduler.firstStep;
  for (let step = scheduler.firstStep; step < scheduler.timesteps.length; step += 1) {
    scheduler.scaleModelInput(latents, step, denoiser.input);
    const predicted = await denoiser.predict(scheduler.timesteps[step] ?? 0);
    const output = texts.length === 2 ? guide(predicted, guidanceScale) : predicted;
    const done = step - scheduler.firstStep + 1;
    if (previewer?.wants(done)) await previewer.show(scheduler, output, latents, step, { done, steps });
    scheduler.step(output, latents, step, drawNoise);
    onStep(done, steps);
  }
}
