import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { A1111Client } from '../../../main/providers/a1111/a1111-client.ts';
import { openA1111, testA1111 } from '../../../main/providers/a1111/a1111-drawer.ts';
import { A1111Server } from '../../helpers/a1111-server.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { serveHttp } from '../network/local-servers.ts';
import { openToolPlace } from './open-tool.ts';
import type { ToolSetup } from './open-tool.ts';
import { drawWith, never, openMeter, openPictures, startPicture } from './tool-bench.ts';

const pictures = openPictures();

async function open(setup: Partial<ToolSetup> = {}, prepare: (server: A1111Server) => void = () => undefined) {
  const server = new A1111Server();
  prepare(server);
  const origin = await serveHttp(server.listener);
  const client = new A1111Client(await openToolPlace(origin, { kind: 'a1111', model: 'dream', ...setup }));
  const meter = openMeter();
  return {
    server,
    client,
    meter,
    drawer: await openA1111(client, { pictures, meter, everyMs: 10 }, never),
    host: new URL(origin).host,
  };
}

describe('the web UI', () => {
  it('is asked what it has, and offers what both know', async () => {
    const { drawer, client } = await open();
    expect(drawer.abilities).toMatchObject({
      schedulers: ['euler-ancestral', 'dpmpp-2m', 'dpmpp-2m-karras'],
      defaults: { scheduler: 'dpmpp-2m-karras' },
      ...{ sampling: true, previews: true, initPictures: true },
    });
    expect(await testA1111(client, never)).toMatchObject({ models: ['dream', 'other'], schedulers: 3 });
    await expect(open({ model: 'gone' })).rejects.toMatchObject({
      code: 'tool-refused',
      hint: 'Choose one that it has: dream, other.',
    });
  });

  it('draws with the model, sampler and schedule it was asked for, and says so', async () => {
    const { server, drawer, meter, host } = await open();
    const words = [
      { text: 'red', weight: 1.2 },
      { text: 'fox', weight: 1 },
    ];
    const settings = { negative: 'snow', steps: 4, guidance: 5, scheduler: 'dpmpp-2m-karras' as const, width: 64, height: 64 };
    const drawn = await drawWith(drawer, { words, settings, count: 2 });
    expect(server.sent()).toMatchObject({
      ...{ prompt: '(red:1.2) fox', negative_prompt: 'snow', seed: 7, steps: 4, cfg_scale: 5, width: 64, height: 64 },
      ...{ sampler_name: 'DPM++ 2M', scheduler: 'Karras', batch_size: 1, save_images: false },
      override_settings: { sd_model_checkpoint: 'dream.safetensors [abc]' },
    });
    expect(server.sent(1)).toMatchObject({ seed: 8 });
    expect(drawn.pictures[1]?.recipe).toMatchObject({
      ...{ tool: 'a1111', host, model: 'dream', seed: 8, text: 'a red fox' },
      answer: { sd_model_name: 'dream', sampler_name: 'DPM++ 2M' },
    });
    expect(await pictures.readFacts(drawn.pictures[0]?.png ?? '')).toMatchObject({ width: 24, height: 20 });
    expect(meter.counted).toHaveLength(2);
  });

  it('tells how it goes, and shows the picture in the making', async () => {
    const { server, drawer } = await open();
    server.held = true;
    const drawing = drawWith(drawer, { settings: { steps: 4 } });
    await server.next('txt2img');
    for (let looks = 0; looks < 3; looks += 1) await server.next('progress');
    server.go();
    const drawn = await drawing;
    expect(drawn.progress).toContainEqual({ fraction: 0.25, phase: 'denoising', step: 1, steps: 4 });
    // The same preview is shown once.
    expect(drawn.previews.map(({ mediaType }) => mediaType)).toEqual(['image/png']);
  });

  it('begins from a picture', async () => {
    const { server, drawer } = await open();
    const init = { source: startPicture, imageSha256: 'ab'.repeat(32), strength: 0.4 };
    const drawn = await drawWith(drawer, { init, settings: { width: 64, height: 64 } });
    expect(server.asked('img2img')).toHaveLength(1);
    const [sent] = server.sent()['init_images'] as string[];
    expect(await pictures.readFacts(Buffer.from(sent ?? '', 'base64'))).toMatchObject({ width: 64, height: 64 });
    expect(server.sent()).toMatchObject({ denoising_strength: 0.4 });
    expect(drawn.pictures[0]?.recipe.init).toEqual({ imageSha256: init.imageSha256, strength: 0.4 });
  });

  it('is given the mask of that picture, which is cut as that is', async () => {
    const { server, drawer } = await open();
    const mask = { source: startPicture, sha256: 'cd'.repeat(32) };
    const init = { source: startPicture, imageSha256: 'ab'.repeat(32), strength: 1, mask };
    const drawn = await drawWith(drawer, { init, settings: { width: 64, height: 64 } });
    const sent = server.sent();
    expect(await pictures.readFacts(Buffer.from(String(sent['mask']), 'base64'))).toMatchObject({ width: 64, height: 64 });
    expect(sent).toMatchObject({ inpainting_fill: 1, inpaint_full_res: false, inpainting_mask_invert: 0, mask_blur: 4 });
    expect(drawn.pictures[0]?.recipe).toMatchObject({
      init: { imageSha256: init.imageSha256, strength: 1, maskSha256: mask.sha256 },
      parameters: { inpainting_fill: 1 },
    });
  });

  it('is not asked for a mask that is black all over', async () => {
    const { server, drawer } = await open();
    const black = join(makeTemporaryFolder(), 'black.png');
    writeFileSync(black, await pictures.encodePng({ width: 8, height: 8, channels: 3, data: new Uint8Array(192) }));
    const mask = { source: black, sha256: 'cd'.repeat(32) };
    const init = { source: startPicture, imageSha256: 'ab'.repeat(32), strength: 1, mask };
    await expect(drawWith(drawer, { init })).rejects.toMatchObject({ code: 'bad-request' });
    expect(server.asked('img2img')).toHaveLength(0);
  });

  it('is told to stop when the drawing is cancelled', async () => {
    const { server, drawer } = await open();
    server.held = true;
    const stop = new AbortController();
    const drawing = drawWith(drawer, { signal: stop.signal });
    await server.next('txt2img');
    stop.abort(new Error('enough'));
    await expect(drawing).rejects.toThrow('enough');
    expect(server.asked('interrupt')).toHaveLength(1);
  });

  it('is spoken to by a smaller server that names things otherwise and tells of nothing', async () => {
    const { server, drawer } = await open({}, (small) => (small.small = true));
    expect(drawer.abilities.schedulers).toEqual(['euler-ancestral', 'dpmpp-2m', 'dpmpp-2m-karras']);
    const drawn = await drawWith(drawer, { settings: { scheduler: 'euler-ancestral' } });
    expect(server.sent()).toMatchObject({ sampler_name: 'euler_a', scheduler: 'discrete' });
    expect(drawn.pictures[0]?.recipe).toMatchObject({ seed: 7, model: 'dream' });
    expect(drawn.previews).toEqual([]);
  });

  it('that is SD.Next is told of noise levels in its own setting, and draws what it calls JPEG', async () => {
    const models = [{ title: 'folder/dream [abc]', model_name: 'folder/dream' }];
    const { server, drawer } = await open({ model: 'folder/dream' }, (one) => Object.assign(one, { sdNext: true, models }));
    expect(drawer.abilities.schedulers).toEqual(['euler-ancestral', 'dpmpp-2m', 'dpmpp-2m-karras', 'dpmpp-2m-exponential']);
    const drawn = await drawWith(drawer, { settings: { scheduler: 'dpmpp-2m-karras' } });
    await drawWith(drawer, { settings: { scheduler: 'euler-ancestral' } });
    const model = { sd_model_checkpoint: 'folder/dream [abc]' };
    expect(server.sent()).toMatchObject({
      sampler_name: 'DPM++ 2M',
      override_settings: { ...model, schedulers_sigma: 'karras' },
    });
    // What was chosen for the picture before stays chosen there.
    expect(server.sent(1)).toMatchObject({ override_settings: { ...model, schedulers_sigma: 'default' } });
    expect(server.sent(1)).not.toHaveProperty('scheduler');
    expect(drawn.pictures[0]?.recipe).toMatchObject({
      ...{ model: 'folder/dream', seed: 7, parameters: { override_settings: { schedulers_sigma: 'karras' } } },
      answer: { sampler_name: 'DPM++ 2M' },
    });
    expect(await pictures.readFacts(drawn.pictures[0]?.png ?? '')).toMatchObject({ mediaType: 'image/png', width: 512 });
  });

  it('that is SD.Next and was stopped at its own window is said to have sent no picture', async () => {
    const { server, client, drawer } = await open({}, (one) => (one.sdNext = true));
    server.held = true;
    const drawing = drawWith(drawer);
    await server.next('txt2img');
    await client.interrupt(never);
    await expect(drawing).rejects.toMatchObject({
      code: 'answer-unreadable',
      message: expect.stringContaining('no picture') as string,
    });
  });

  it('is given a name and a password as it wants them', async () => {
    const environment = { DEDIFFUSION_SECRET_WEB: 'me:hush-hush' };
    const { server } = await open({ secret: 'web', environment });
    expect(server.heard[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:hush-hush').toString('base64')}`);
  });
});

describe('a server of the web UI’s API', () => {
  it.each([
    [
      { status: 422, body: '{"detail":[{"loc":["body","steps"],"msg":"Input should be a valid integer"}]}' },
      'tool-refused',
      /body\.steps: Input should be/,
    ],
    [
      { status: 500, body: '{"error":"OutOfMemoryError","detail":"","body":"","errors":"CUDA out of memory"}' },
      'tool-failed',
      /It says: CUDA out of memory/,
    ],
    [{ status: 401, body: '{"detail":"Not authenticated"}' }, 'tool-refused', /wants a key\. It says: Not authenticated/],
    [{ status: 200, body: '{"images":[' }, 'answer-unreadable', /cannot read/],
    [{ status: 200, body: '{"images":["bm9uZQ=="],"info":""}' }, 'answer-unreadable', /no picture/],
    [{ status: 429, body: '{"detail":"slow down"}' }, 'tool-limited', /takes no more requests for now\. It says: slow down/],
    ['cut' as const, 'address-unreachable', /./],
    ['half' as const, 'address-unreachable', /./],
  ])('that answers %o is asked once, and heard in its own words', async (fault, code, message) => {
    const { server, drawer } = await open();
    server.fault = fault;
    await expect(drawWith(drawer)).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(server.asked('txt2img')).toHaveLength(1);
  });

  it('that draws with another model is found out', async () => {
    const { server, drawer } = await open();
    server.drawsWith = 'other';
    await expect(drawWith(drawer)).rejects.toMatchObject({
      code: 'tool-failed',
      message: expect.stringContaining('drew with other') as string,
    });
  });

  it('that dies in the middle is given up after the patience', async () => {
    const { server, drawer } = await open({ patienceSeconds: 1 });
    server.held = true;
    const drawing = drawWith(drawer);
    await server.next('txt2img');
    server.dead = true;
    await expect(drawing).rejects.toMatchObject({ code: 'address-unreachable', details: { reason: 'time' } });
  });
});
