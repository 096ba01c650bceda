import { describe, expect, it } from 'vitest';
import { readComfyui } from '../../../../main/metadata/readers/read-comfyui.ts';
import { settleSettings } from '../../../../main/ports/drawer.ts';
import { ComfyuiClient } from '../../../../main/providers/comfyui/comfyui-client.ts';
import { openComfyui, testComfyui } from '../../../../main/providers/comfyui/comfyui-drawer.ts';
import { ComfyuiServer } from '../../../helpers/comfyui-server.ts';
import { serveHttp } from '../../network/local-servers.ts';
import { openToolPlace } from '../open-tool.ts';
import type { ToolSetup } from '../open-tool.ts';
import { drawWith, never, openMeter, openPictures, startPicture } from '../tool-bench.ts';

const pictures = openPictures();

async function open(setup: Partial<ToolSetup> = {}, server = new ComfyuiServer()) {
  const origin = await serveHttp(server.listener, server.upgrade);
  const client = new ComfyuiClient(await openToolPlace(origin, { kind: 'comfyui', ...setup }));
  const meter = openMeter();
  // What is said decides, however slow the machine is.
  const times = { checkMs: 60_000, pauseMs: 10 };
  return {
    server,
    client,
    meter,
    drawer: await openComfyui(client, { pictures, meter, times }, never),
    host: new URL(origin).host,
  };
}
type Body = Record<string, { class_type: string; inputs: Record<string, unknown> }>;
const graphOf = (server: ComfyuiServer, index = 0): Body => {
  const asked = server.asked('/prompt', 'POST')[index];
  return (JSON.parse(asked?.body.toString('utf8') ?? '{}') as { prompt: Body }).prompt;
};

describe('ComfyUI', () => {
  it('is asked what it has, and offers what both know', async () => {
    const { drawer, client } = await open();
    expect(drawer.abilities).toMatchObject({
      size: { width: 512, height: 512, multipleOf: 8 },
      schedulers: ['euler', 'dpmpp-2m', 'euler-karras', 'dpmpp-2m-karras'],
      defaults: { scheduler: 'dpmpp-2m-karras' },
      ...{ sampling: true, negative: true, weights: true, initPictures: true, seeds: true, previews: true, cancel: true },
    });
    expect(await testComfyui(client, never)).toEqual({
      program: 'ComfyUI 0.3.64',
      models: ['small.safetensors', 'large.safetensors'],
      schedulers: 4,
    });
  });

  it('that lacks the model says which it has', async () => {
    await expect(open({ model: 'gone.safetensors' })).rejects.toMatchObject({
      code: 'tool-refused',
      message: expect.stringContaining('has no model gone.safetensors') as string,
      hint: 'Choose one that it has: small.safetensors, large.safetensors.',
    });
  });

  it('draws a picture with our graph, shows it in the making, and says how it was drawn', async () => {
    const { server, drawer, meter, host } = await open();
    const words = [
      { text: 'a', weight: 1 },
      { text: 'red', weight: 1.3 },
      { text: 'fox', weight: 1 },
    ];
    const settings = { negative: 'snow', steps: 4, guidance: 5, scheduler: 'euler-karras' as const, width: 64, height: 48 };
    const drawn = await drawWith(drawer, { words, settings });
    const graph = graphOf(server);
    expect(graph['3']?.inputs).toMatchObject({
      ...{ seed: 7, steps: 4, cfg: 5, sampler_name: 'euler', scheduler: 'karras', denoise: 1 },
      latent_image: ['5', 0],
    });
    expect([graph['4'], graph['5'], graph['6'], graph['7']].map((node) => node?.inputs)).toMatchObject([
      { ckpt_name: 'small.safetensors' },
      { width: 64, height: 48, batch_size: 1 },
      { text: 'a (red:1.3) fox' },
      { text: 'snow' },
    ]);
    const [picture] = drawn.pictures;
    expect(picture?.recipe).toMatchObject({
      ...{ kind: 'tool', tool: 'comfyui', host, model: 'small.safetensors', text: 'a red fox', seed: 7, init: null },
      parameters: { prompt: 'a (red:1.3) fox', negative: 'snow', steps: 4, guidance: 5, sampler: 'euler', scheduler: 'karras' },
      answer: { file: 'DeDiffusion_00001_.png', cached: false },
    });
    expect(await pictures.readFacts(picture?.png ?? '')).toMatchObject({ width: 24, height: 20, mediaType: 'image/png' });
    expect(drawn.previews.map(({ bytes, mediaType }) => [mediaType, bytes.byteLength])).toEqual([
      ['image/jpeg', 38738],
      ['image/jpeg', 38738],
    ]);
    const fractions = drawn.progress.map(({ fraction }) => fraction);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(drawn.progress.map(({ phase }) => phase)).toEqual([
      ...['loading', 'encoding', 'denoising', 'denoising', 'decoding', 'saving'],
    ]);
    expect(meter.counted).toEqual([null]);
    expect(server.heard.every(({ headers }) => headers.origin === undefined)).toBe(true);
  });

  it('draws pictures one after the other, each with a seed of its own', async () => {
    const { server, drawer } = await open();
    const drawn = await drawWith(drawer, { count: 3 });
    expect(drawn.pictures.map(({ recipe }) => recipe.seed)).toEqual([7, 8, 9]);
    expect([0, 1, 2].map((index) => graphOf(server, index)['3']?.inputs['seed'])).toEqual([7, 8, 9]);
  });

  it('tells SDXL of sizes, and draws it larger', async () => {
    const { server, drawer } = await open({ family: 'sdxl' });
    await drawWith(drawer);
    expect(graphOf(server)['6']).toMatchObject({
      class_type: 'CLIPTextEncodeSDXL',
      inputs: { width: 1024, target_height: 1024, crop_w: 0, text_g: 'a red fox', text_l: 'a red fox' },
    });
  });

  it('gives SDXL’s second encoder a text of its own, made harmless, and takes none for a model that has one encoder', async () => {
    const { server, drawer } = await open({ family: 'sdxl' });
    const settings = settleSettings({ secondPrompt: 'an (etching) of snow' }, drawer.abilities);
    const drawn = await drawWith(drawer, { settings });
    const graph = graphOf(server);
    expect(graph['6']?.inputs).toMatchObject({ text_l: 'a red fox', text_g: 'an \\(etching\\) of snow' });
    expect(graph['7']?.inputs['text_g']).toBe(graph['7']?.inputs['text_l']);
    expect(drawn.pictures[0]?.recipe).toMatchObject({ parameters: { secondPrompt: 'an \\(etching\\) of snow' } });
    // What is written is read again by whoever gets the file.
    expect(readComfyui({ prompt: JSON.stringify(graph) })).toMatchObject({
      ...{ prompt: 'a red fox', secondPrompt: 'an \\(etching\\) of snow' },
    });
    const { drawer: older } = await open();
    expect(() => settleSettings({ secondPrompt: 'snow' }, older.abilities)).toThrow('takes no second prompt');
  });

  it('begins from a picture, which is sent in the size asked for and without what its file says', async () => {
    const { server, drawer } = await open();
    const init = { source: startPicture, imageSha256: 'ab'.repeat(32), strength: 0.4 };
    const drawn = await drawWith(drawer, { init, settings: { width: 64, height: 64 } });
    const [upload] = server.asked('/upload/image');
    const body = upload?.body ?? Buffer.alloc(0);
    const png = body.subarray(body.indexOf('\x89PNG', 0, 'latin1'));
    expect(await pictures.readFacts(png.subarray(0, png.indexOf('IEND') + 8))).toMatchObject({ width: 64, height: 64 });
    const graph = graphOf(server);
    expect(graph['10']?.inputs).toEqual({ image: `dediffusion-${'ab'.repeat(8)}-64x64.png` });
    expect(graph['3']?.inputs).toMatchObject({ denoise: 0.4, latent_image: ['11', 0] });
    expect(drawn.pictures[0]?.recipe.init).toEqual({ imageSha256: init.imageSha256, strength: 0.4 });
  });

  it('is sent the mask of that picture beside it', async () => {
    const { server, drawer } = await open();
    const mask = { source: startPicture, sha256: 'cd'.repeat(32) };
    const init = { source: startPicture, imageSha256: 'ab'.repeat(32), strength: 1, mask };
    const drawn = await drawWith(drawer, { init, settings: { width: 64, height: 64 } });
    expect(server.asked('/upload/image')).toHaveLength(2);
    const graph = graphOf(server);
    expect(graph['12']).toEqual({
      class_type: 'LoadImageMask',
      inputs: { image: `dediffusion-${'cd'.repeat(8)}-64x64.png`, channel: 'red' },
    });
    expect(graph['13']).toEqual({ class_type: 'SetLatentNoiseMask', inputs: { samples: ['11', 0], mask: ['12', 0] } });
    expect(graph['3']?.inputs).toMatchObject({ denoise: 1, latent_image: ['13', 0] });
    expect(drawn.pictures[0]?.recipe.init).toEqual({ imageSha256: init.imageSha256, strength: 1, maskSha256: mask.sha256 });
  });

  it('says that a picture had been drawn before', async () => {
    const { server, drawer } = await open();
    server.cached = true;
    const drawn = await drawWith(drawer);
    expect(drawn.pictures[0]?.recipe).toMatchObject({ answer: { cached: true } });
  });

  it('makes harmless what its front end takes for commands', async () => {
    const { server, drawer } = await open();
    await drawWith(drawer, { words: [{ text: '(fox)', weight: 1 }] });
    expect(graphOf(server)['6']?.inputs['text']).toBe('\\(fox\\)');
  });

  it('is not asked for what it would do otherwise', async () => {
    const { server, drawer } = await open();
    await expect(drawWith(drawer, { settings: { scheduler: 'tcd' } })).rejects.toMatchObject({ code: 'scheduler-unknown' });
    await expect(drawWith(drawer, { settings: { width: 65, height: 64 } })).rejects.toMatchObject({ code: 'bad-request' });
    expect(server.asked('/prompt')).toEqual([]);
  });

  it('stops at its limit between two pictures', async () => {
    const server = new ComfyuiServer();
    const client = new ComfyuiClient(await openToolPlace(await serveHttp(server.listener, server.upgrade), { kind: 'comfyui' }));
    const drawer = await openComfyui(client, { pictures, meter: openMeter(2) }, never);
    await expect(drawWith(drawer, { count: 4 })).rejects.toThrow('the limit is reached');
    expect(server.asked('/prompt', 'POST')).toHaveLength(2);
  });
});
