import type { PictureMetadata } from '../../../contract/texts/metadata.ts';
import { avifWith, exifBlock, jpegWith, pngWith, webpWith } from '../../helpers/metadata-files.ts';
import { asPython, png } from './written-file.ts';
import type { WrittenFile } from './written-file.ts';

export const graph = {
  3: {
    class_type: 'KSampler',
    inputs: {
      ...{ seed: 18446744073709551615n, steps: 25, cfg: 8, sampler_name: 'euler_ancestral', scheduler: 'normal', denoise: 1 },
      ...{ model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] },
    },
  },
  4: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'SDXL\\foxes.safetensors' } },
  5: { class_type: 'EmptyLatentImage', inputs: { width: 832, height: 1216, batch_size: 1 } },
  6: { class_type: 'CLIPTextEncode', inputs: { text: 'a fox (running:1.2)', clip: ['4', 1] } },
  7: { class_type: 'CLIPTextEncode', inputs: { text: 'dog', clip: ['4', 1] } },
  9: { class_type: 'SaveImage', inputs: { images: ['8', 0] }, is_changed: [Number.NaN] },
};
const ofGraph: Partial<PictureMetadata> = {
  writer: 'comfyui',
  prompt: 'a fox (running:1.2)',
  negative: 'dog',
  dialect: 'comfyui',
  seed: '18446744073709551615',
  width: 832,
  height: 1216,
  steps: 25,
  guidance: 8,
  sampler: 'euler_ancestral',
  scheduler: 'euler-ancestral',
  model: 'foxes.safetensors',
};
const fluxGraph = {
  1: {
    class_type: 'SamplerCustomAdvanced',
    inputs: { noise: ['2', 0], guider: ['3', 0], sampler: ['4', 0], sigmas: ['5', 0], latent_image: ['6', 0] },
  },
  2: { class_type: 'RandomNoise', inputs: { noise_seed: 99 } },
  3: { class_type: 'BasicGuider', inputs: { model: ['7', 0], conditioning: ['8', 0] } },
  4: { class_type: 'KSamplerSelect', inputs: { sampler_name: 'euler' } },
  5: { class_type: 'BasicScheduler', inputs: { scheduler: 'simple', steps: 28, denoise: 1, model: ['7', 0] } },
  6: { class_type: 'EmptySD3LatentImage', inputs: { width: 1024, height: 1024, batch_size: 1 } },
  7: { class_type: 'UNETLoader', inputs: { unet_name: 'flux1-dev.safetensors', weight_dtype: 'default' } },
  8: { class_type: 'FluxGuidance', inputs: { guidance: 3.5, conditioning: ['9', 0] } },
  9: { class_type: 'CLIPTextEncode', inputs: { text: ['10', 0], clip: ['11', 0] } },
  10: { class_type: 'StringConcatenate', inputs: { string_a: 'a fox', string_b: ['12', 0], delimiter: ', ' } },
  12: { class_type: 'PrimitiveString', inputs: { value: 'at dawn' } },
};
const sdxlGraph = {
  ...graph,
  6: { class_type: 'ConditioningCombine', inputs: { conditioning_1: ['13', 0], conditioning_2: ['14', 0] } },
  13: { class_type: 'CLIPTextEncodeSDXL', inputs: { width: 1024, text_g: 'a fox', text_l: 'snow', clip: ['4', 1] } },
  14: { class_type: 'CLIPTextEncode', inputs: { text: 'a hare', clip: ['4', 1] } },
};
const loop = {
  3: { class_type: 'KSampler', inputs: { seed: 5, steps: 4, positive: ['6', 0], negative: ['6', 0], latent_image: ['3', 0] } },
  6: { class_type: 'ConditioningAverage', inputs: { conditioning_to: ['6', 0], conditioning_from: ['6', 0] } },
};
const page = {
  nodes: [
    {
      id: 3,
      type: 'KSampler',
      mode: 0,
      inputs: [
        { name: 'positive', link: 4 },
        { name: 'negative', link: 6 },
        { name: 'latent_image', link: 2 },
      ],
      widgets_values: [156680208700286, 'randomize', 20, 8, 'dpmpp_2m', 'karras', 1],
    },
    { id: 5, type: 'EmptyLatentImage', widgets_values: [512, 640, 1] },
    { id: 6, type: 'CLIPTextEncode', widgets_values: ['a lighthouse'] },
    { id: 7, type: 'CLIPTextEncode', widgets_values: ['fog'] },
    { id: 8, type: 'KSampler', mode: 4, widgets_values: [1] },
    { id: 4, type: 'CheckpointLoaderSimple', widgets_values: ['v1-5.safetensors'] },
  ],
  links: [
    [4, 6, 0, 3, 1, 'CONDITIONING'],
    [6, 7, 0, 3, 2, 'CONDITIONING'],
    [2, 5, 0, 3, 3, 'LATENT'],
  ],
  version: 0.4,
};

export const comfyuiFiles: readonly WrittenFile[] = [
  {
    name: 'ComfyUI',
    make: () =>
      pngWith([
        ['prompt', asPython(graph)],
        ['workflow', JSON.stringify(page)],
      ]),
    found: ofGraph,
  },
  {
    name: 'ComfyUI, two encoders and two texts',
    make: png('prompt', sdxlGraph),
    found: { ...ofGraph, prompt: 'snow\na hare', secondPrompt: 'a fox\na hare' },
  },
  {
    name: 'ComfyUI, Flux',
    make: png('prompt', fluxGraph),
    found: {
      writer: 'comfyui',
      prompt: 'a fox, at dawn',
      negative: '',
      seed: '99',
      steps: 28,
      scheduler: 'euler',
      width: 1024,
      model: 'flux1-dev.safetensors',
    },
  },
  {
    name: 'ComfyUI, the page alone',
    make: png('workflow', page),
    found: {
      writer: 'comfyui',
      prompt: 'a lighthouse',
      negative: 'fog',
      seed: '156680208700286',
      steps: 20,
      width: 512,
      height: 640,
      scheduler: 'dpmpp-2m-karras',
      model: 'v1-5.safetensors',
    },
  },
  {
    name: 'ComfyUI, a graph that bites its tail',
    make: png('prompt', loop),
    found: { writer: 'comfyui', prompt: '', seed: '5', steps: 4 },
  },
  {
    name: 'ComfyUI, WebP',
    make: async () =>
      webpWith(exifBlock({ texts: { 0x0110: `prompt:${asPython(graph)}`, 0x010f: `workflow:${JSON.stringify(page)}` } })),
    found: ofGraph,
  },
  {
    name: 'ComfyUI, JPEG',
    make: () => jpegWith({ exif: exifBlock({ texts: { 0x0110: `prompt:${asPython(graph)}` } }) }),
    found: ofGraph,
  },
  { name: 'ComfyUI, AVIF', make: () => avifWith({ model: `prompt:${asPython(graph)}` }), found: ofGraph },
];
