/**
 * One denoising run, planned for a number of steps (diffusers, src/diffusers/schedulers). Latents are float32 of any shape: every
 * rule works number by number, so all pictures of a batch go through together. Steps count from `firstStep` to
 * `timesteps.length` − 1 and are taken once each, in order.
 */
export interface Scheduler {
  /** What the denoiser is told at each step; fractions occur. */
  readonly timesteps: readonly number[];
  /** 0 for text to image; later when an initial picture keeps part of itself. */
  readonly firstStep: number;
  /** Standard deviation of the noise a run begins with. */
  readonly initNoiseSigma: number;
  /** Writes what the denoiser takes at this step into `into`; with several copies of the sample `into` is that much longer. */
  scaleModelInput(sample: Float32Array, step: number, into: Float32Array): void;
  /** The clean latents this step's output stands for, into `into`. For previews; changes nothing. */
  predictOriginal(modelOutput: Float32Array, sample: Float32Array, step: number, into: Float32Array): void;
  /** Moves `sample` to the next step in place. `drawNoise` gives standard normal numbers of its length and is called as often as diffusers draws. */
  step(modelOutput: Float32Array, sample: Float32Array, step: number, drawNoise: () => Float32Array): void;
  /** Noises clean latents to where `step` begins, in place. */
  addNoise(original: Float32Array, noise: Float32Array, step: number): void;
}

export interface ScheduleOptions {
  /** Inference steps asked for, N ≥ 1. */
  readonly steps: number;
  /** Image to image: how much of the way is walked, 0..1. Absent or 1: all of it. */
  readonly strength?: number;
  /** How much fresh noise a step takes, 0..1: η of DDIM, 0 where absent, and of TCD, 0.3 where absent. */
  readonly eta?: number;
  /** What a flow is asked besides; absent: noise levels from the config alone. */
  readonly flow?: {
    /** Patches the transformer sees, which dynamic shifting goes by. */
    readonly patches: number;
    /** True where the levels before the shift are 1, 1 − 1/N, … 1/N, as Flux has them, instead of the config's. */
    readonly evenLevels: boolean;
  };
}

/** img2img of diffusers (`get_timesteps`): the last int(N · strength) of N steps. */
export function firstStepOf({ steps, strength = 1 }: ScheduleOptions): number {
  return Math.max(steps - Math.min(Math.trunc(steps * strength), steps), 0);
}

/** The same where every step but the last asks the denoiser twice: a list of 2 N − 1 timesteps. */
export function firstOfDoubled(options: ScheduleOptions): number {
  return Math.min(2 * firstStepOf(options), 2 * options.steps - 1);
}
