import type { PictureMetadata } from '../../../contract/texts/metadata.ts';
import { avifWith, exifBlock, jpegWith, pngWith, unicodeComment, webpWith, xmpPacket } from '../../helpers/metadata-files.ts';
import { png } from './written-file.ts';
import type { WrittenFile } from './written-file.ts';

const invokeNow = {
  ...{
    app_version: '6.14.2',
    generation_mode: 'txt2img',
    positive_prompt: 'a fox++ in snow',
    positive_style_prompt: 'an etching',
    negative_prompt: 'dog',
  },
  ...{ width: 512, height: 512, seed: 123, steps: 30, cfg_scale: 7.5, scheduler: 'dpmpp_2m_k', clip_skip: 0 },
  model: { key: 'a', hash: 'blake3:b', name: 'foxes', base: 'sd-1', type: 'main' },
};
const invokeThree = {
  ...invokeNow,
  app_version: '3.0.1',
  model: { model_name: 'stable-diffusion-v1-5', base_model: 'sd-1' },
  scheduler: 'euler_a',
};
const invokeTwo = {
  model: 'stable diffusion',
  model_weights: 'stable-diffusion-1.5',
  app_version: '2.3.5',
  image: {
    prompt: [{ prompt: 'a fox [dog] in snow', weight: 1 }],
    ...{ steps: 50, cfg_scale: 7.5, seed: 42, width: 512, height: 704, sampler: 'k_euler', type: 'txt2img' },
  },
};

const novelThree = {
  prompt: '{a fox}, snow',
  uc: 'dog',
  steps: 28,
  height: 1216,
  width: 832,
  scale: 5,
  seed: 3718,
  sampler: 'k_euler_ancestral',
  noise_schedule: 'native',
};
const novelFour = {
  ...novelThree,
  v4_prompt: {
    caption: { base_caption: 'two foxes', char_captions: [{ char_caption: 'old fox', centers: [] }, { char_caption: 'cub' }] },
  },
  v4_negative_prompt: { caption: { base_caption: 'wolf', char_captions: [] } },
};
const swarm = {
  sui_image_params: {
    ...{
      prompt: 'a fox',
      negativeprompt: 'dog',
      model: 'OfficialStableDiffusion/sd_xl_base_1.0',
      seed: 1337,
      steps: 20,
      cfgscale: 7,
    },
    ...{ aspectratio: '1:1', width: 1024, height: 1024, sampler: 'euler', scheduler: 'normal', swarm_version: '0.9.5.0' },
  },
  sui_extra_data: { date: '2026-01-01' },
};
const ofSwarm: Partial<PictureMetadata> = {
  writer: 'swarmui',
  version: '0.9.5.0',
  prompt: 'a fox',
  negative: 'dog',
  seed: '1337',
  width: 1024,
  scheduler: 'euler',
  model: 'sd_xl_base_1.0',
};
const drawThings = JSON.stringify({
  c: 'a fox & <a hare>',
  uc: 'dog',
  steps: 8,
  scale: 1.5,
  seed: 4021,
  size: '768x512',
  sampler: 'DPM++ 2M Karras',
  model: 'sd_v1.5_f16.ckpt',
  v2: { x: 1 },
});
const ofDrawThings: Partial<PictureMetadata> = {
  writer: 'draw-things',
  prompt: 'a fox & <a hare>',
  negative: 'dog',
  seed: '4021',
  width: 768,
  height: 512,
  steps: 8,
  scheduler: 'dpmpp-2m-karras',
  model: 'sd_v1.5_f16.ckpt',
};
const midjourney = 'a red fox in snow --no dog --ar 3:2 --v 6.1 --seed 77 Job ID: 0f0f0f0f-1111-2222-3333-444444444444';
const ofMidjourney: Partial<PictureMetadata> = {
  writer: 'midjourney',
  version: '6.1',
  prompt: 'a red fox in snow --no dog --ar 3:2 --v 6.1 --seed 77',
  dialect: 'midjourney',
  seed: '77',
};

export const otherFiles: readonly WrittenFile[] = [
  {
    name: 'InvokeAI 6',
    make: png('invokeai_metadata', invokeNow),
    found: {
      writer: 'invokeai',
      version: '6.14.2',
      prompt: 'a fox++ in snow',
      secondPrompt: 'an etching',
      negative: 'dog',
      dialect: 'invokeai',
      seed: '123',
      steps: 30,
      guidance: 7.5,
      scheduler: 'dpmpp-2m-karras',
      model: 'foxes',
    },
  },
  {
    name: 'InvokeAI 3',
    make: png('invokeai_metadata', invokeThree),
    found: { version: '3.0.1', scheduler: 'euler-ancestral', model: 'stable-diffusion-v1-5' },
  },
  {
    name: 'InvokeAI 2',
    make: png('sd-metadata', invokeTwo),
    found: {
      writer: 'invokeai',
      version: '2.3.5',
      prompt: 'a fox in snow',
      negative: 'dog',
      seed: '42',
      height: 704,
      scheduler: 'euler',
      model: 'stable-diffusion-1.5',
    },
  },
  {
    name: 'InvokeAI 1',
    make: png('Dream', '"a fox [dog] \\"red\\"" -s50 -S4182 -W512 -H640 -C7.5 -Ak_lms'),
    found: {
      writer: 'invokeai',
      version: '1',
      prompt: 'a fox "red"',
      negative: 'dog',
      seed: '4182',
      steps: 50,
      width: 512,
      height: 640,
      guidance: 7.5,
      sampler: 'k_lms',
      scheduler: null,
    },
  },
  {
    name: 'NovelAI 3',
    make: () =>
      pngWith([
        ['Software', 'NovelAI'],
        ['Description', '{a fox}, snow'],
        ['Source', 'Stable Diffusion XL 7BCCAA2C'],
        ['Comment', JSON.stringify(novelThree)],
      ]),
    found: {
      writer: 'novelai',
      version: '3',
      prompt: '{a fox}, snow',
      negative: 'dog',
      seed: '3718',
      width: 832,
      scheduler: 'euler-ancestral',
      model: 'Stable Diffusion XL 7BCCAA2C',
    },
  },
  {
    name: 'NovelAI 4',
    make: () =>
      pngWith([
        ['Software', 'NovelAI'],
        ['Comment', JSON.stringify(novelFour)],
      ]),
    found: { writer: 'novelai', version: '4', prompt: 'two foxes\nold fox\ncub', negative: 'wolf' },
  },
  {
    name: 'NovelAI, WebP',
    make: async () =>
      webpWith(
        exifBlock({
          comment: unicodeComment(
            JSON.stringify({ Description: 'x', Software: 'NovelAI', Source: 'NovelAI V4', Comment: JSON.stringify(novelThree) }),
          ),
        }),
      ),
    found: { writer: 'novelai', seed: '3718', model: 'NovelAI V4' },
  },
  {
    name: 'NovelAI, JPEG',
    make: () =>
      jpegWith({
        exif: exifBlock({
          comment: unicodeComment(
            JSON.stringify({ Description: 'x', Software: 'NovelAI', Source: 'NovelAI V4', Comment: JSON.stringify(novelThree) }),
          ),
        }),
      }),
    found: { writer: 'novelai', seed: '3718', model: 'NovelAI V4' },
  },
  {
    name: 'NovelAI, AVIF',
    make: () =>
      avifWith({
        comment: JSON.stringify({ Software: 'NovelAI', Source: 'NovelAI V4', Comment: JSON.stringify(novelThree) }),
      }),
    found: { writer: 'novelai', seed: '3718', model: 'NovelAI V4' },
  },
  { name: 'SwarmUI', make: png('parameters', JSON.stringify(swarm, null, 2)), found: ofSwarm },
  {
    name: 'SwarmUI, JPEG',
    make: () => jpegWith({ exif: exifBlock({ comment: unicodeComment(JSON.stringify(swarm)) }) }),
    found: ofSwarm,
  },
  {
    name: 'SwarmUI, WebP',
    make: async () => webpWith(exifBlock({ comment: unicodeComment(JSON.stringify(swarm)) })),
    found: ofSwarm,
  },
  { name: 'SwarmUI, AVIF', make: () => avifWith({ comment: JSON.stringify(swarm) }), found: ofSwarm },
  { name: 'Draw Things', make: png('XML:com.adobe.xmp', xmpPacket('exif:UserComment', drawThings), 'iTXt'), found: ofDrawThings },
  { name: 'Draw Things, JPEG', make: () => jpegWith({ xmp: xmpPacket('exif:UserComment', drawThings) }), found: ofDrawThings },
  { name: 'Draw Things, AVIF', make: () => avifWith({ xmp: xmpPacket('exif:UserComment', drawThings) }), found: ofDrawThings },
  { name: 'Draw Things, WebP', make: () => webpWith(null, xmpPacket('exif:UserComment', drawThings)), found: ofDrawThings },
  { name: 'Midjourney', make: png('Description', midjourney), found: ofMidjourney },
  { name: 'Midjourney, JPEG', make: () => jpegWith({ xmp: xmpPacket('dc:description', midjourney) }), found: ofMidjourney },
  { name: 'Midjourney, WebP', make: () => webpWith(null, xmpPacket('dc:description', midjourney)), found: ofMidjourney },
  { name: 'Midjourney, AVIF', make: () => avifWith({ xmp: xmpPacket('dc:description', midjourney) }), found: ofMidjourney },
];
