import type { ToolFamily } from '../../contract/outside/connection.ts';

/** A graph as ComfyUI's API takes it: nodes by their ids; an input is a value, or the output of another node as [id, index]. */
export type ApiGraph = Readonly<
  Record<string, { readonly class_type: string; readonly inputs: Readonly<Record<string, unknown>> }>
>;

export interface GraphInputs {
  readonly model: string;
  readonly family: ToolFamily;
  /** All in ComfyUI's own grammar. */
  readonly prompt: string;
  readonly negative: string;
  /** What SDXL's second text encoder reads instead of the prompt; absent: the same. Models of Stable Diffusion 1 have none. */
  readonly secondPrompt?: string;
  /** Pixels, multiples of 8. */
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  readonly guidance: number;
  readonly seed: number;
  /** By ComfyUI's names. */
  readonly sampler: string;
  readonly scheduler: string;
  /**
   * The picture to start from, of that size and as the server calls what was sent there; `strength` (0..1) of it is drawn anew, with a mask, by such a name
   * too, what is white there alone.
   */
  readonly init: { readonly image: string; readonly mask: string | null; readonly strength: number } | null;
}

/** SDXL's second text encoder wants to know of sizes; without a crop the picture is whole. */
function composeText(text: string, second: string, { family, width, height }: GraphInputs): ApiGraph[string] {
  const clip = ['4', 1];
  if (family === 'sd-1') return { class_type: 'CLIPTextEncode', inputs: { text, clip } };
  const size = { width, height, crop_w: 0, crop_h: 0, target_width: width, target_height: height };
  return { class_type: 'CLIPTextEncodeSDXL', inputs: { ...size, text_g: second, text_l: text, clip } };
}

/** The node whose latents the sampler begins with. */
function beginning(init: GraphInputs['init']): string {
  if (init === null) return '5';
  return init.mask === null ? '11' : '13';
}

/** A graph of ComfyUI's own nodes that draws one picture with one checkpoint. */
export function composeGraph(inputs: GraphInputs): ApiGraph {
  const { model, prompt, negative, width, height, steps, guidance, seed, sampler, scheduler, init } = inputs;
  return {
    '3': {
      class_type: 'KSampler',
      inputs: {
        ...{ seed, steps, cfg: guidance, sampler_name: sampler, scheduler, denoise: init?.strength ?? 1 },
        ...{ model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: [beginning(init), 0] },
      },
    },
    '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: model } },
    ...(init === null
      ? { '5': { class_type: 'EmptyLatentImage', inputs: { width, height, batch_size: 1 } } }
      : {
          '10': { class_type: 'LoadImage', inputs: { image: init.image } },
          '11': { class_type: 'VAEEncode', inputs: { pixels: ['10', 0], vae: ['4', 2] } },
          ...(init.mask === null
            ? {}
            : {
                '12': { class_type: 'LoadImageMask', inputs: { image: init.mask, channel: 'red' } },
                '13': { class_type: 'SetLatentNoiseMask', inputs: { samples: ['11', 0], mask: ['12', 0] } },
              }),
        }),
    '6': composeText(prompt, inputs.secondPrompt ?? prompt, inputs),
    '7': composeText(negative, negative, inputs),
    '8': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
    '9': { class_type: 'SaveImage', inputs: { filename_prefix: 'DeDiffusion', images: ['8', 0] } },
  };
}
