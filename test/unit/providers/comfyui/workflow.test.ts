import { describe, expect, it } from 'vitest';
import { readMarks, writeMarks } from '../../../../contract/outside/workflow.ts';
import type { WorkflowMarks } from '../../../../contract/outside/workflow.ts';
import { ComfyuiClient } from '../../../../main/providers/comfyui/comfyui-client.ts';
import { openComfyui, testComfyui } from '../../../../main/providers/comfyui/comfyui-drawer.ts';
import { ComfyuiServer } from '../../../helpers/comfyui-server.ts';
import { serveHttp } from '../../network/local-servers.ts';
import { openToolPlace } from '../open-tool.ts';
import { drawWith, never, openMeter, openPictures, startPicture } from '../tool-bench.ts';

const pictures = openPictures();
type Graph = Record<string, { class_type: string; inputs: Record<string, unknown> }>;

/** An artist's graph as Export (API) writes it: a start picture, a text in a node of its own, a seed of 64 bits that nobody marks. */
const api: Graph = {
  '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'small.safetensors' } },
  '12': { class_type: 'PrimitiveStringMultiline', inputs: { value: 'a boat' } },
  '6': { class_type: 'CLIPTextEncode', inputs: { text: ['12', 0], clip: ['4', 1] } },
  '7': { class_type: 'CLIPTextEncode', inputs: { text: 'fog', clip: ['4', 1] } },
  '10': { class_type: 'LoadImage', inputs: { image: 'boat.png' } },
  '11': { class_type: 'VAEEncode', inputs: { pixels: ['10', 0], vae: ['4', 2] } },
  '3': {
    class_type: 'KSampler',
    inputs: {
      ...{ seed: 5, steps: 12, cfg: 3.5, sampler_name: 'euler', scheduler: 'normal', denoise: 0.6 },
      ...{ model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['11', 0] },
    },
  },
  '8': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
  '20': { class_type: 'Grain', inputs: { images: ['8', 0], seed: 0 } },
  '9': { class_type: 'SaveImage', inputs: { filename_prefix: 'Boats', images: ['20', 0] } },
};
const apiText = JSON.stringify(api).replace('"seed":0', '"seed":18446744073709551615');

/** What the server says of the nodes of the graph below. */
const nodes = {
  CLIPTextEncode: { input: { required: { text: ['STRING', { multiline: true }], clip: ['CLIP'] } } },
  EmptyLatentImage: { input: { required: { width: ['INT', {}], height: ['INT', {}], batch_size: ['INT', {}] } } },
  VAEDecode: { input: { required: { samples: ['LATENT'], vae: ['VAE'] } } },
  SaveImage: { input: { required: { images: ['IMAGE'], filename_prefix: ['STRING', {}] } } },
};

/** The same kind of graph as ComfyUI's page keeps it: a note, a reroute, a seed in a node of its own, a muted and a bypassed node. */
const page = {
  nodes: [
    { id: 1, type: 'Note', mode: 0, widgets_values: ['my boats'] },
    { id: 2, type: 'PrimitiveNode', outputs: [{ type: 'INT' }], widgets_values: [77, 'fixed'] },
    {
      ...{ id: 3, type: 'KSampler', widgets_values: [5, 'randomize', 12, 3.5, 'euler', 'normal', 1] },
      inputs: [
        ...[
          ['model', 'MODEL', 11],
          ['positive', 'CONDITIONING', 12],
          ['negative', 'CONDITIONING', 13],
          ['latent_image', 'LATENT', 14],
        ],
        ['seed', 'INT', 18],
      ].map(([name, type, link]) => ({ name, type, link })),
    },
    {
      id: 4,
      type: 'CheckpointLoaderSimple',
      widgets_values: ['small.safetensors'],
      outputs: [{ type: 'MODEL' }, { type: 'CLIP' }],
    },
    { id: 5, type: 'EmptyLatentImage', widgets_values: [96, 64, 1] },
    { id: 6, type: 'CLIPTextEncode', widgets_values: ['a boat'], inputs: [{ name: 'clip', type: 'CLIP', link: 15 }] },
    { id: 7, type: 'CLIPTextEncode', widgets_values: ['fog'], inputs: [{ name: 'clip', type: 'CLIP', link: 15 }] },
    {
      id: 8,
      type: 'VAEDecode',
      inputs: [
        { name: 'samples', type: 'LATENT', link: 16 },
        { name: 'vae', type: 'VAE', link: 19 },
      ],
    },
    { id: 9, type: 'SaveImage', widgets_values: ['Boats'], inputs: [{ name: 'images', type: 'IMAGE', link: 17 }] },
    { id: 13, type: 'PreviewImage', mode: 2, inputs: [{ name: 'images', type: 'IMAGE', link: 17 }] },
    {
      ...{ id: 14, type: 'LoraLoader', mode: 4, outputs: [{ type: 'MODEL' }, { type: 'CLIP' }] },
      inputs: [
        { name: 'model', type: 'MODEL', link: 20 },
        { name: 'clip', type: 'CLIP', link: 21 },
      ],
    },
    { id: 15, type: 'Reroute', inputs: [{ name: '', type: '*', link: 22 }] },
  ],
  // Number, from node and output, to node and input, type.
  links: [
    ...[
      [11, 14, 0, 3, 0, 'MODEL'],
      [12, 6, 0, 3, 1, 'CONDITIONING'],
      [13, 7, 0, 3, 2, 'CONDITIONING'],
      [14, 5, 0, 3, 3, 'LATENT'],
    ],
    ...[
      [15, 14, 1, 6, 0, 'CLIP'],
      [16, 3, 0, 8, 0, 'LATENT'],
      [17, 8, 0, 9, 0, 'IMAGE'],
      [18, 2, 0, 3, 4, 'INT'],
    ],
    ...[
      [19, 15, 0, 8, 1, 'VAE'],
      [20, 4, 0, 14, 0, 'MODEL'],
      [21, 4, 1, 14, 1, 'CLIP'],
      [22, 4, 2, 15, 0, 'VAE'],
    ],
  ],
  version: 0.4,
};

async function open(text: string, marks: WorkflowMarks = {}) {
  const server = new ComfyuiServer();
  server.nodes = nodes;
  const origin = await serveHttp(server.listener, server.upgrade);
  const setup = { kind: 'comfyui' as const, model: 'boats.json', workflow: { text, marks } };
  const client = new ComfyuiClient(await openToolPlace(origin, setup));
  const times = { checkMs: 60_000, pauseMs: 10 };
  const sent = (): Graph => {
    const body = server.asked('/prompt', 'POST').at(-1)?.body.toString('utf8') ?? '{}';
    return (JSON.parse(body) as { prompt: Graph }).prompt;
  };
  return { server, client, sent, openDrawer: () => openComfyui(client, { pictures, meter: openMeter(), times }, never) };
}

describe("an artist's own workflow", () => {
  it('is drawn as it was saved but for the words and settings, whose places are found', async () => {
    const { sent, openDrawer, client } = await open(apiText);
    const drawer = await openDrawer();
    expect(drawer.abilities).toMatchObject({
      defaults: { steps: 12, guidance: 3.5, negative: 'fog' },
      ...{ sampling: true, schedulers: [], negative: true, initPictures: true, seeds: true },
    });
    const init = { source: startPicture, imageSha256: 'ab'.repeat(32), strength: 0.4 };
    const drawn = await drawWith(drawer, { init, settings: { negative: 'rain', steps: 4 } });
    const graph = sent();
    expect(graph['12']?.inputs).toEqual({ value: 'a red fox' });
    expect(graph['6']?.inputs).toEqual({ text: ['12', 0], clip: ['4', 1] });
    expect(graph['7']?.inputs['text']).toBe('rain');
    expect(graph['3']?.inputs).toMatchObject({ seed: 7, steps: 4, cfg: 3.5, denoise: 0.4, sampler_name: 'euler' });
    expect(graph['10']?.inputs['image']).toMatch(/^dediffusion-/u);
    // A number that is too long for a number stays whole.
    expect(graph['20']?.inputs['seed']).toBe('18446744073709551615');
    expect(drawn.pictures[0]?.recipe).toMatchObject({
      ...{ tool: 'comfyui', model: 'boats.json', seed: 7 },
      parameters: { prompt: 'a red fox', negative: 'rain', seed: 7, steps: 4, guidance: 3.5 },
    });
    expect(await testComfyui(client, never)).toMatchObject({
      marks: 'prompt=12.value negative=7.text seed=3.seed steps=3.steps guidance=3.cfg picture=10.image strength=3.denoise',
    });
  });

  it('keeps its own picture to start from where none is given', async () => {
    const { sent, openDrawer } = await open(apiText);
    await drawWith(await openDrawer());
    expect(sent()['10']?.inputs).toEqual({ image: 'boat.png' });
    expect(sent()['3']?.inputs['denoise']).toBe(0.6);
  });

  it("has a person's marks before those that were found, and leaves alone what they marked as nothing", async () => {
    const { sent, openDrawer } = await open(apiText, { prompt: [{ node: '7', input: 'text' }], negative: [], seed: [] });
    const drawer = await openDrawer();
    expect(drawer.abilities).toMatchObject({ negative: false, seeds: false });
    await drawWith(drawer);
    expect(sent()['7']?.inputs['text']).toBe('a red fox');
    expect(sent()['12']?.inputs['value']).toBe('a boat');
    expect(sent()['3']?.inputs['seed']).toBe(5);
  });

  it('of the page is turned into what the server takes: no note, no muted node, what is bypassed hands on', async () => {
    const { sent, openDrawer } = await open(JSON.stringify(page));
    const drawer = await openDrawer();
    expect(drawer.abilities).toMatchObject({ size: { width: 96, height: 64 }, initPictures: false });
    await drawWith(drawer, { settings: { width: 64, height: 64 } });
    const graph = sent();
    expect(Object.keys(graph)).toEqual(['3', '4', '5', '6', '7', '8', '9']);
    expect(graph['3']).toEqual({
      class_type: 'KSampler',
      inputs: {
        ...{ seed: 7, steps: 12, cfg: 3.5, sampler_name: 'euler', scheduler: 'normal', denoise: 1 },
        ...{ model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] },
      },
    });
    expect(graph['6']?.inputs).toEqual({ text: 'a red fox', clip: ['4', 1] });
    expect(graph['8']?.inputs).toEqual({ samples: ['3', 0], vae: ['4', 2] });
    expect(graph['5']?.inputs).toEqual({ width: 64, height: 64, batch_size: 1 });
    expect(graph['9']?.inputs['filename_prefix']).toBe('Boats');
  });

  it.each([
    ['that is none', '{"boats": 3}', {}, /no workflow of ComfyUI/],
    ['that is no JSON', 'boats', {}, /no workflow of ComfyUI/],
    ['with a node the server lacks', JSON.stringify(page).replaceAll('VAEDecode', 'Sharpen'), {}, /has no node Sharpen/],
    ['with graphs in its graph', JSON.stringify({ ...page, definitions: { subgraphs: [{}] } }), {}, /graphs within its graph/],
    ['whose mark is nowhere', apiText, { seed: [{ node: '99', input: 'seed' }] }, /no node 99, which is marked as seed/],
    ['whose marked input is nowhere', apiText, { seed: [{ node: '3', input: 'sed' }] }, /no input sed at node 3/],
    ['without a place for the text', JSON.stringify({ '8': api['8'] }), {}, /no place for the text/],
  ])('%s is told in a sentence', async (_name, text, marks, message) => {
    const { openDrawer, client } = await open(text, marks);
    const refused = { code: 'bad-request', message: expect.stringMatching(message) as string };
    await expect(openDrawer()).rejects.toMatchObject(refused);
    await expect(testComfyui(client, never)).rejects.toMatchObject(refused);
  });

  it('that draws in a size of its own refuses another', async () => {
    const { openDrawer } = await open(apiText);
    await expect(drawWith(await openDrawer(), { settings: { width: 64 } })).rejects.toMatchObject({
      message: expect.stringContaining('in a width of its own') as string,
    });
  });
});

it('marks are written and read again', () => {
  const marks: WorkflowMarks = {
    prompt: [
      { node: '6', input: 'text' },
      { node: '7', input: 'text_l' },
    ],
    negative: [],
  };
  expect(writeMarks(marks)).toBe('prompt=6.text+7.text_l negative=');
  expect(readMarks(writeMarks(marks))).toEqual(marks);
  expect(readMarks(' seed=3.seed,steps=3.steps ')).toEqual({
    seed: [{ node: '3', input: 'seed' }],
    steps: [{ node: '3', input: 'steps' }],
  });
  expect(['colour=3.x', 'seed', 'seed=3', 'seed=.x'].map(readMarks)).toEqual([null, null, null, null]);
});
