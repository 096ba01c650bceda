/** Where the numbers of one input of a denoiser come from. */
export type ConditionRule =
  /** The text: the hidden states of this text encoder, one row a text, as long as the text is; a graph may fix the length. */
  | {
      readonly from: 'text';
      readonly encoder: 'text_encoder';
      /** Its place among the inputs where an export has named it otherwise. */
      readonly position: number;
    }
  /** The guidance scale as sines and cosines, the same in every row; only distilled denoisers have it, and they run once a step for it. */
  | { readonly from: 'guidance' };

/**
 * What tells one family of text-to-image models from another, as data: the loop in `denoise.ts` knows none of them
 * (docs/decisions/0024-families-are-data.md). Names are those of diffusers' folders and of ONNX exports.
 */
export interface DecoderFamily {
  readonly id: string;
  /** As a person calls it. */
  readonly label: string;
  /** Parts that `model_index.json` may name; any other would be left out of the picture without a word, so it makes another family. */
  readonly parts: readonly string[];
  /** What the denoiser's config may say of `addition_embed_type`: those that need no input besides `conditions`. */
  readonly additionEmbeddings: readonly (string | null)[];
  readonly denoiser: {
    readonly component: 'unet';
    /** Names of inputs and outputs, the first being diffusers'; else the one at its place counts: sample first, timestep second. */
    readonly sample: readonly string[];
    readonly timestep: readonly string[];
    readonly output: readonly string[];
  };
  /** Every further input of the denoiser, by name. */
  readonly conditions: Readonly<Record<string, ConditionRule>>;
  /** What holds where the configs say nothing: older exports leave them out. */
  readonly defaults: {
    readonly latentChannels: number;
    readonly latentScale: number;
    readonly latentShift: number;
    /** Side of the latents the model was trained on. */
    readonly sampleSize: number;
    /** Levels of the denoiser and of the VAE; each but the first halves a side. */
    readonly levels: number;
  };
  /** Red, green and blue of each latent channel at this scale, for previews without a run of the VAE. */
  readonly preview: { readonly scale: number; readonly colours: readonly (readonly [number, number, number])[] };
}
