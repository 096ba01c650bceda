import type { InvokeaiModel } from './invokeai-answers.ts';

export interface InvokeaiInputs {
  readonly model: InvokeaiModel;
  /** Both in compel's grammar. */
  readonly prompt: string;
  readonly negative: string;
  /** Pixels, multiples of 8. */
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  readonly guidance: number;
  readonly seed: number;
  /** By InvokeAI's name. */
  readonly scheduler: string;
  /** The picture to start from, of that size and as the server calls what was sent there; `strength` (0..1) of it is drawn anew. */
  readonly init: { readonly image: string; readonly strength: number } | null;
}

interface Node {
  readonly id: string;
  readonly type: string;
  readonly [field: string]: unknown;
}

/** As `enqueue_batch` takes it. */
export interface InvokeaiGraph {
  readonly id: string;
  readonly nodes: Readonly<Record<string, Node>>;
  readonly edges: readonly {
    readonly source: { readonly node_id: string; readonly field: string };
    readonly destination: { readonly node_id: string; readonly field: string };
  }[];
}

/** Families whose graphs we write: `base` as the server tells it of a model, and how its texts are read. */
const families: Readonly<Record<string, { readonly loader: string; readonly text: string; readonly side: number }>> = {
  'sd-1': { loader: 'main_model_loader', text: 'compel', side: 512 },
  'sd-2': { loader: 'main_model_loader', text: 'compel', side: 768 },
  sdxl: { loader: 'sdxl_model_loader', text: 'sdxl_compel_prompt', side: 1024 },
};

/** The side that models of such a base draw best, in pixels; null for one whose graph we do not write. */
export const sideOf = (base: string): number | null => families[base]?.side ?? null;

const link = (from: string, to: string): InvokeaiGraph['edges'][number] => {
  const end = (place: string) => {
    const [node_id = '', field = ''] = place.split('.');
    return { node_id, field };
  };
  return { source: end(from), destination: end(to) };
};

/** Nodes that are worth nothing to anybody are marked so; the picture's is not kept in the cache, whose pictures a person may have deleted. */
const node = (id: string, type: string, fields: object = {}): Node => ({
  ...{ id, type, is_intermediate: id !== 'picture', use_cache: id !== 'picture' },
  ...fields,
});

/**
 * A graph of InvokeAI's own nodes that draws one picture with one main model, from noise or from a picture. Its nodes are called `model`,
 * `positive`, `negative`, `noise`, `denoise` and `picture`.
 * @throws Error for a base whose graph is not written here
 */
export function composeInvokeaiGraph(id: string, inputs: InvokeaiInputs): InvokeaiGraph {
  const { model, prompt, negative, width, height, steps, guidance, seed, scheduler, init } = inputs;
  const family = families[model.base];
  if (family === undefined) throw new Error(`no graph for ${model.base}`);
  const isXl = model.base === 'sdxl';
  const { key, hash, name, base, type } = model;
  // Its second text encoder wants to know of sizes; without a crop the picture is whole.
  const size = { original_width: width, original_height: height, target_width: width, target_height: height };
  const textNode = (nodeId: string, text: string): Node =>
    node(nodeId, family.text, isXl ? { prompt: text, style: text, ...size } : { prompt: text });
  const texts = ['positive', 'negative'];
  const nodes = [
    node('model', family.loader, { model: { key, hash, name, base, type } }),
    textNode('positive', prompt),
    textNode('negative', negative),
    node('noise', 'noise', { seed, width, height, use_cpu: true }),
    node('denoise', 'denoise_latents', {
      ...{ steps, cfg_scale: guidance, scheduler, denoising_end: 1 },
      denoising_start: init === null ? 0 : 1 - init.strength,
    }),
    node('picture', 'l2i'),
    ...(init === null ? [] : [node('start', 'i2l', { image: { image_name: init.image } })]),
  ];
  return {
    id,
    nodes: Object.fromEntries(nodes.map((one) => [one.id, one])),
    edges: [
      ...texts.map((text) => link('model.clip', `${text}.clip`)),
      ...(isXl ? texts.map((text) => link('model.clip2', `${text}.clip2`)) : []),
      ...texts.map((text) => link(`${text}.conditioning`, `denoise.${text}_conditioning`)),
      link('model.unet', 'denoise.unet'),
      link('noise.noise', 'denoise.noise'),
      link('denoise.latents', 'picture.latents'),
      link('model.vae', 'picture.vae'),
      ...(init === null ? [] : [link('model.vae', 'start.vae'), link('start.latents', 'denoise.latents')]),
    ],
  };
}
