import type { Emphasis, SchedulerName } from '../../contract/recipe.ts';
import type { Pixels } from '../image/pixels.ts';
import type { Session } from '../tensor/session.ts';

/** Exact ids (without begin, end and padding) with an emphasis each, or text for the decoder's tokenizer. */
export type PromptInput =
  { readonly tokenIds: readonly number[]; readonly tokenWeights?: readonly number[] } | { readonly text: string };

/** A picture in the making. */
export interface Preview {
  /** Which of the call's pictures it is. */
  readonly pictureIndex: number;
  /** Steps done, of `steps`. */
  readonly step: number;
  readonly steps: number;
  /** The first of the pictures drawn together as the model sees it now; may be smaller than the result. */
  readonly image: Pixels;
}

/** The caller throttles: `wants` is asked before each step, and a preview costs a run of the VAE decoder where no cheaper way is known. */
export interface PreviewSink {
  wants(step: number, pictureIndex: number): boolean;
  show(preview: Preview): void;
}

/** How a prompt is read, besides its words. */
export interface PromptOptions {
  /** What the second text encoder reads where a family has two that may be told apart; absent: the same. */
  readonly secondPrompt?: PromptInput;
  /**
   * Layers that are left out at the end of the CLIP text encoders, besides those the family leaves out; absent: none. Of the prompt alone:
   * diffusers reads what is not wanted with all of them.
   */
  readonly clipSkip?: number;
  /** How the weights of its tokens, and of those of what is not wanted, change what is said; absent: as AUTOMATIC1111 does. */
  readonly emphasis?: Emphasis;
}

export interface GenerateRequest extends PromptOptions {
  readonly prompt: PromptInput;
  /** Another text, of which `share` (0..1) is mixed into what the denoiser is told; absent: none. */
  readonly mixed?: { readonly prompt: PromptInput; readonly share: number };
  /** Counts with a guidance scale over 1 only. */
  readonly negative: PromptInput;
  readonly secondNegative?: PromptInput;
  readonly steps: number;
  readonly guidanceScale: number;
  /** Share of the guided output that is brought back to the spread of the prompt's own, 0..1; absent: none. Counts where guidance does. */
  readonly guidanceRescale?: number;
  /** Timesteps below it run the prompt alone; absent: all are guided. */
  readonly guidanceFromTimestep?: number;
  /** Picture i is drawn with seed + i, and comes out as it would alone. */
  readonly seed: number;
  readonly count: number;
  readonly scheduler: SchedulerName;
  /** Pixels; absent: the size the model was trained on. */
  readonly width?: number;
  readonly height?: number;
  /**
   * Where to begin instead of at noise: a picture of exactly the size asked for, and how far to go from it, 0..1. With a mask, a picture of that size too,
   * only what is white there is drawn anew, and with a strength of 1 that begins at noise.
   */
  readonly init?: { readonly image: Pixels; readonly strength: number; readonly mask?: Pixels };
  readonly preview?: PreviewSink;
  /** Opens a tiny autoencoder that knows the latents of the family, for previews; absent: none is here. */
  readonly openPreviewDecoder?: () => Promise<Session>;
}

export interface GeneratedPicture {
  readonly seed: number;
  readonly image: Pixels;
}

/** Pictures that were drawn together, and what is true of every picture of the call. */
export interface GeneratedBatch {
  /** Place of the first of them among the call's pictures. */
  readonly firstIndex: number;
  readonly pictures: readonly GeneratedPicture[];
  /** What was fed to the text encoder, for the recipe. */
  readonly tokenIds: readonly number[];
  readonly tokenWeights: readonly number[];
  readonly width: number;
  readonly height: number;
}

/** Several texts drawn with the same seeds and settings, so that only the words differ. */
export interface VariantsRequest extends PromptOptions {
  readonly prompts: readonly PromptInput[];
  /** Every prompt is drawn once a seed, and each picture comes out as `generate` would draw it. */
  readonly seeds: readonly number[];
  readonly negative: PromptInput;
  readonly steps: number;
  readonly guidanceScale: number;
  readonly guidanceRescale?: number;
  readonly guidanceFromTimestep?: number;
  readonly scheduler: SchedulerName;
  readonly width?: number;
  readonly height?: number;
}

/** One picture of one of the prompts. */
export interface VariantPicture extends GeneratedPicture {
  readonly promptIndex: number;
}
