import type { Session } from '../tensor/session.ts';
import { createDenoiser } from './denoiser.ts';
import type { PromptEmbeddings } from './encode-prompts.ts';
import { guide } from './guidance.ts';
import type { NoiseSource } from './noise-source.ts';
import type { Previewer } from './previewer.ts';
import type { Scheduler } from './schedulers/scheduler.ts';

export interface DenoiseRun {
  readonly unet: Session;
  readonly scheduler: Scheduler;
  /** [pictures, channels, height, width]; changed in place from noise to clean latents. */
  readonly latents: Float32Array;
  readonly shape: readonly [number, number, number, number];
  /** Negative and positive for guidance; positive alone without. Each is one text for all pictures, or one row a picture. */
  readonly embeddings: readonly PromptEmbeddings[];
  readonly guidanceScale: number;
  readonly noise: NoiseSource;
  readonly previewer: Previewer | null;
  readonly beforeRun: () => Promise<void>;
  readonly onStep: (step: number, steps: number) => void;
}

/** The loop: scale the input, ask the U-Net (both halves of the guidance in one run), guide, step. */
export async function denoise(run: DenoiseRun): Promise<void> {
  const { unet, scheduler, latents, shape, embeddings, guidanceScale, noise, previewer, beforeRun, onStep } = run;
  const [pictures, channels, height, width] = shape;
  const text = repeatRows(embeddings, pictures);
  const denoiser = createDenoiser(unet, {
    shape: [pictures * embeddings.length, channels, height, width],
    embeddings: text,
    guidanceScale,
    beforeRun,
  });
  const drawNoise = (): Float32Array => noise.drawAll();
  const steps = scheduler.timesteps.length - scheduler.firstStep;
  for (let step = scheduler.firstStep; step < scheduler.timesteps.length; step += 1) {
    scheduler.scaleModelInput(latents, step, denoiser.input);
    const predicted = await denoiser.predict(scheduler.timesteps[step] ?? 0);
    const output = embeddings.length === 2 ? guide(predicted, guidanceScale) : predicted;
    const done = step - scheduler.firstStep + 1;
    if (previewer?.wants(done)) await previewer.show(scheduler, output, latents, step, { done, steps });
    scheduler.step(output, latents, step, drawNoise);
    onStep(done, steps);
  }
}

/** Every text once a picture: all negatives, then all positives, [texts · pictures, tokens, width]. */
function repeatRows(embeddings: readonly PromptEmbeddings[], pictures: number): PromptEmbeddings {
  const [, tokens = 0, width = 0] = embeddings[0]?.shape ?? [];
  const length = tokens * width;
  const data = new Float32Array(embeddings.length * pictures * length);
  for (const [index, { data: rows, shape }] of embeddings.entries()) {
    if (shape[0] === pictures) data.set(rows, index * pictures * length);
    else for (let picture = 0; picture < pictures; picture += 1) data.set(rows, (index * pictures + picture) * length);
  }
  return { dtype: 'float32', shape: [embeddings.length * pictures, tokens, width], data };
}
