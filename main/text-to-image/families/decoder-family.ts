export type TextEncoderName = 'text_encoder' | 'text_encoder_2' | 'text_encoder_3';

/** A text encoder of a family, and what is taken of it. */
export interface TextEncoderRule {
  readonly component: TextEncoderName;
  readonly tokenizer: 'tokenizer' | 'tokenizer_2' | 'tokenizer_3';
  /** clip: rows with begin and end, a long text in chunks. t5: one row with an end alone. */
  readonly kind: 'clip' | 't5';
  /** Which of two prompts it reads where a person gives two. */
  readonly reads: 'first' | 'second';
  /** The hidden states that are taken: after the last layer, or of the last but one without the norm at the end; null where none are. */
  readonly states: 'last' | 'penultimate' | null;
  /** The output that tells a text in one vector; null where it is not taken. */
  readonly pooled: 'text_embeds' | 'pooler_output' | null;
  /** Tokens a row of a t5 encoder, its end included; an artist's text may not be longer. */
  readonly rowLength?: number;
}

/** Where the numbers of one input of a denoiser come from. */
export type ConditionRule =
  /**
   * The text: hidden states, one row a text, as long as the text is; a graph may fix the length. Blocks follow one another on the token axis;
   * states within a block stand side by side, and a narrower block is filled up with zeros. An encoder that a folder leaves out is a block of zeros.
   */
  | {
      readonly from: 'text';
      readonly blocks: readonly (readonly TextEncoderName[])[];
      /** Its place among the inputs where an export has named it otherwise; null where the name alone counts. */
      readonly position: number | null;
    }
  /** The text in one vector: those of these encoders side by side. */
  | { readonly from: 'pooled'; readonly encoders: readonly TextEncoderName[] }
  /**
   * The guidance scale, the same in every row: as sines and cosines, or as it is. Only distilled denoisers have it, and they run once a
   * step for it.
   */
  | { readonly from: 'guidance'; readonly as: 'waves' | 'number' }
  /** Height and width of the picture as it was, the corner it was cut at, and height and width it is drawn at, in pixels. */
  | { readonly from: 'sizes' }
  /** Places of tokens, three numbers each: zeros for the text; 0, row and column for the patches of the picture. */
  | { readonly from: 'places'; readonly of: 'text' | 'picture' };

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
  /** Parts a folder of this family has where its `model_index.json` names any. */
  readonly requiredParts: readonly string[];
  /** diffusers' classes of the denoiser; null where its config may leave it open. */
  readonly denoiserClasses: readonly (string | null)[];
  /** What the denoiser's config may say of `addition_embed_type`: those that need no input besides `conditions`. */
  readonly additionEmbeddings: readonly (string | null)[];
  readonly denoiser: {
    readonly component: 'unet' | 'transformer';
    /** Names of inputs and outputs, the first being diffusers'; else the one at its place counts: sample first, timestep second. */
    readonly sample: readonly string[];
    readonly timestep: readonly string[];
    readonly output: readonly string[];
    /** Timesteps are told times this. */
    readonly timestepScale: number;
    /** Latents a patch covers along one side. */
    readonly patchSide: number;
    /** True where it takes patches in a row instead of a picture: [rows, patches, channels · patchSide²]. */
    readonly takesPatches: boolean;
  };
  /** False where it is never asked twice a step, with the prompt and without. */
  readonly guidesByPairs: boolean;
  /** True where noise levels before the shift are even instead of the scheduler's own. */
  readonly evenNoiseLevels: boolean;
  readonly textEncoders: readonly TextEncoderRule[];
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
    /** True where an empty negative prompt is told as zeros instead of being read. */
    readonly zeroesEmptyNegative: boolean;
  };
  /** Red, green and blue of each latent channel at this scale, and of none, for previews without a run of the VAE. */
  readonly preview: {
    readonly scale: number;
    readonly colours: readonly (readonly [number, number, number])[];
    readonly base: readonly [number, number, number];
  };
}
