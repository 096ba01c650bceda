import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InvokeaiClient } from '../../../../main/providers/invokeai/invokeai-client.ts';
import { openInvokeai, testInvokeai } from '../../../../main/providers/invokeai/invokeai-drawer.ts';
import { readInvokeaiEvent } from '../../../../main/providers/invokeai/invokeai-line.ts';
import { InvokeaiServer } from '../../../helpers/invokeai-server.ts';
import { serveHttp } from '../../network/local-servers.ts';
import { openToolPlace } from '../open-tool.ts';
import type { ToolSetup } from '../open-tool.ts';
import { drawWith, never, openMeter, openPictures, startPicture } from '../tool-bench.ts';

const pictures = openPictures();

/** @param checkMs silence after which the queue is asked: long where what is said shall decide */
async function open(setup: Partial<ToolSetup> = {}, checkMs = 60_000) {
  const server = new InvokeaiServer();
  const origin = await serveHttp(server.listener, server.upgrade);
  const client = new InvokeaiClient(await openToolPlace(origin, { kind: 'invokeai', model: 'tiny-sd', ...setup }));
  const meter = openMeter();
  const openDrawer = () => openInvokeai(client, { pictures, meter, times: { checkMs, pauseMs: 10 } }, never);
  return { server, client, meter, openDrawer, host: new URL(origin).host };
}

describe('InvokeAI', () => {
  it('is asked what it has, and offers what both know', async () => {
    const { client, openDrawer } = await open();
    const { abilities } = await openDrawer();
    expect(abilities).toMatchObject({
      size: { width: 512, height: 512, multipleOf: 8 },
      ...{ sampling: true, negative: true, weights: true, initPictures: true, seeds: true, previews: true, cancel: true },
    });
    expect(abilities.schedulers).toContain('euler-karras');
    expect(abilities.schedulers).not.toContain('euler-beta');
    expect(await testInvokeai(client, never)).toMatchObject({
      program: 'InvokeAI 6.14.2',
      models: ['tiny-sd', 'large', 'flowing'],
    });
  });

  it('draws a picture with our graph, shows it in the making, and says how it was drawn', async () => {
    const { server, meter, openDrawer, host } = await open();
    const words = [
      { text: 'a', weight: 1 },
      { text: 'red', weight: 1.3 },
      { text: 'fox', weight: 1 },
    ];
    const settings = { negative: 'snow', steps: 4, guidance: 5, scheduler: 'euler-karras' as const, width: 64, height: 48 };
    const drawn = await drawWith(await openDrawer(), { words, settings });
    const { graph } = server.sent();
    expect(graph.nodes).toMatchObject({
      model: { type: 'main_model_loader', model: { key: 'k1', base: 'sd-1', type: 'main' } },
      positive: { type: 'compel', prompt: 'a (red)1.3 fox' },
      negative: { prompt: 'snow' },
      noise: { seed: 7, width: 64, height: 48 },
      denoise: { steps: 4, cfg_scale: 5, scheduler: 'euler_k', denoising_start: 0 },
      picture: { type: 'l2i', is_intermediate: false },
    });
    expect(graph.edges).toContainEqual({
      source: { node_id: 'denoise', field: 'latents' },
      destination: { node_id: 'picture', field: 'latents' },
    });
    expect(drawn.pictures[0]?.recipe).toMatchObject({
      ...{ kind: 'tool', tool: 'invokeai', host, model: 'tiny-sd', text: 'a red fox', seed: 7, init: null },
      parameters: { prompt: 'a (red)1.3 fox', negative: 'snow', steps: 4, scheduler: 'euler_k' },
      answer: { image: 'drawn.png' },
    });
    expect(drawn.previews.map(({ mediaType }) => mediaType)).toEqual(['image/jpeg', 'image/jpeg']);
    expect(drawn.progress.map(({ phase, step }) => `${phase} ${step}`)).toEqual([
      ...['loading 0', 'encoding 0', 'encoding 0', 'denoising 2', 'denoising 4', 'decoding 0'],
    ]);
    const fractions = drawn.progress.map(({ fraction }) => fraction);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(meter.counted).toEqual([null]);
    expect(server.asked('pong')).toHaveLength(1);
    expect(server.heard.every(({ headers }) => headers.origin === undefined)).toBe(true);
  });

  it('tells SDXL of sizes, and draws it larger', async () => {
    const { server, openDrawer } = await open({ model: 'large' });
    await drawWith(await openDrawer());
    const { graph } = server.sent();
    expect(graph.nodes['positive']).toMatchObject({
      ...{ type: 'sdxl_compel_prompt', prompt: 'a red fox', style: 'a red fox', original_width: 1024, target_height: 1024 },
    });
    expect(graph.edges).toContainEqual({
      source: { node_id: 'model', field: 'clip2' },
      destination: { node_id: 'negative', field: 'clip2' },
    });
  });

  it('begins from a picture, which is sent in the size asked for, and takes a seed that is too large for it', async () => {
    const { server, openDrawer } = await open();
    const init = { source: startPicture, imageSha256: 'ab'.repeat(32), strength: 0.4 };
    const drawn = await drawWith(await openDrawer(), { init, seed: 4_294_967_300, settings: { width: 64, height: 64 } });
    const { graph } = server.sent();
    expect(graph.nodes).toMatchObject({
      start: { type: 'i2l', image: { image_name: 'sent.png' } },
      denoise: { denoising_start: 0.6 },
      noise: { seed: 4 },
    });
    expect(drawn.pictures[0]).toMatchObject({ seed: 4, recipe: { init: { strength: 0.4 } } });
    expect(JSON.stringify(drawn.pictures[0]?.recipe)).toContain('takes seeds from 0 to 4294967295');
  });

  it('that lacks the model, or has one of another family, says so in a sentence', async () => {
    const { openDrawer } = await open({ model: 'gone' });
    await expect(openDrawer()).rejects.toMatchObject({ hint: 'Choose one that it has: tiny-sd, large, flowing.' });
    const other = await open({ model: 'flowing' });
    await expect(testInvokeai(other.client, never)).rejects.toMatchObject({
      code: 'tool-refused',
      message: expect.stringContaining('is made from flux') as string,
    });
  });

  it.each([
    [
      'refuses a node',
      (server: InvokeaiServer) =>
        server.fault('/api/v1/queue/default/enqueue_batch', {
          status: 422,
          body: '{"detail":[{"loc":["nodes","den"],"msg":"Input tag"}]}',
        }),
      'tool-refused',
      /nodes.den: Input tag/,
    ],
    ['has no room in its queue', (server: InvokeaiServer) => void (server.full = true), 'tool-limited', /queue of .* is full/],
    [
      'takes no more for now',
      (server: InvokeaiServer) => server.fault('/api/v1/queue/default/enqueue_batch', { status: 429, body: '' }),
      'tool-limited',
      /takes no more requests/,
    ],
    [
      'wants a key',
      (server: InvokeaiServer) =>
        server.fault('/api/v1/queue/default/enqueue_batch', { status: 401, body: '{"detail":"Not authenticated"}' }),
      'tool-refused',
      /wants a key.*Not authenticated/,
    ],
    [
      'fails in the middle',
      (server: InvokeaiServer) => void (server.failure = { error_type: 'OutOfMemoryError', error_message: 'CUDA out of memory' }),
      'tool-failed',
      /CUDA out of memory/,
    ],
    [
      'answers what is no JSON',
      (server: InvokeaiServer) => server.fault('/api/v1/queue/default/list_all', { status: 200, body: '<html>' }),
      'answer-unreadable',
      /cannot read/,
    ],
  ])('that %s is heard in its own words', async (_name, prepare, code, message) => {
    const { server, openDrawer, meter } = await open();
    const drawer = await openDrawer();
    prepare(server);
    await expect(drawWith(drawer)).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(meter.counted).toEqual([]);
  });
});

describe('a drawing of InvokeAI is queued once', () => {
  it('where the answer to it never came, and again where it was not heard at all', async () => {
    const { server, openDrawer } = await open({}, 40);
    const drawer = await openDrawer();
    server.fault('/api/v1/queue/default/enqueue_batch', 'cut-after');
    expect((await drawWith(drawer)).pictures).toHaveLength(1);
    expect(server.submits).toBe(1);
    server.fault('/api/v1/queue/default/enqueue_batch', 'cut');
    expect((await drawWith(drawer, { workId: 'another' })).pictures).toHaveLength(1);
    expect(server.submits).toBe(3);
  });

  it('where the line breaks off in the middle of a frame, or cannot be had at all', async () => {
    const { server, openDrawer } = await open({}, 40);
    const drawer = await openDrawer();
    server.held = 'step';
    const drawing = drawWith(drawer);
    await server.next('/api/v1/queue/default/enqueue_batch');
    server.dropSockets();
    await server.next('/ws');
    server.go();
    expect((await drawing).pictures).toHaveLength(1);
    server.deaf = true;
    expect((await drawWith(drawer, { workId: 'another' })).pictures).toHaveLength(1);
    expect(server.submits).toBe(2);
  });

  it('where the work is begun again: what goes on is taken up, and so is what was done', async () => {
    const { server, openDrawer, meter } = await open({}, 40);
    const drawer = await openDrawer();
    server.held = 'step';
    const first = drawWith(drawer, { workId: 'same' });
    await server.next('/api/v1/queue/default/enqueue_batch');
    const second = drawWith(drawer, { workId: 'same' });
    await server.next('/ws');
    server.go();
    await Promise.all([first, second]);
    await drawWith(drawer, { workId: 'same' });
    expect(server.submits).toBe(1);
    expect(meter.counted).toHaveLength(1);
  });

  it('but for a server that was started anew in the middle: it knows nothing of it, and draws it then', async () => {
    const { server, openDrawer, meter } = await open({}, 40);
    server.held = 'step';
    const drawing = drawWith(await openDrawer());
    await server.next('/api/v1/queue/default/enqueue_batch');
    server.restart();
    server.held = null;
    expect((await drawing).pictures).toHaveLength(1);
    expect(server.submits).toBe(2);
    expect(meter.counted).toHaveLength(1);
  });

  it('and is stopped there when it is cancelled here; the next attempt is another', async () => {
    const { server, openDrawer } = await open({}, 40);
    const drawer = await openDrawer();
    server.held = 'step';
    const stop = new AbortController();
    const drawing = drawWith(drawer, { signal: stop.signal });
    await server.next('/api/v1/queue/default/enqueue_batch');
    stop.abort(new DOMException('enough', 'AbortError'));
    await expect(drawing).rejects.toMatchObject({ message: 'enough' });
    expect(server.asked('/api/v1/queue/default/i/1/cancel', 'PUT')).toHaveLength(1);
    server.held = null;
    expect((await drawWith(drawer)).pictures).toHaveLength(1);
    expect(server.submits).toBe(2);
  });

  it('and is given up where nobody answers for longer than its patience', async () => {
    const { server, openDrawer } = await open({ patienceSeconds: 1 }, 40);
    const drawer = await openDrawer();
    server.held = 'step';
    const drawing = drawWith(drawer);
    await server.next('/api/v1/queue/default/enqueue_batch');
    server.fault('/api/v1/queue/default/list_all', ...Array.from({ length: 200 }, () => 'cut' as const));
    server.deaf = true;
    server.dropSockets();
    await expect(drawing).rejects.toMatchObject({ code: 'address-unreachable' });
  });
});

it('what a real server said is followed from node to node, with a share of the way and previews', () => {
  const text = readFileSync(new URL('../../../fixtures/invokeai/events.txt', import.meta.url), 'utf8');
  const messages = text
    .trim()
    .split('\n')
    .flatMap((line) => readInvokeaiEvent(line.slice(2)));
  const shortly = messages.map((message) =>
    message.type === 'node' ? message.node : message.type === 'step' ? message.step / message.steps : message.type,
  );
  expect(shortly).toEqual([
    ...['model', 'pos', 'neg', 'noise', 'den', 0, 'preview', 0.25, 'preview', 0.5, 'preview', 0.75, 'preview', 1, 'preview'],
    ...['l2i', 'ended'],
  ]);
  expect(new Set(messages.map(({ id }) => id))).toEqual(new Set(['gallery']));
  expect(readInvokeaiEvent('["invocation_started",{"queue_id":"default"}]')).toEqual([]);
  expect(readInvokeaiEvent('["invocation_prog')).toEqual([]);
});
