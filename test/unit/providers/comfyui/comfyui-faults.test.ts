import { describe, expect, it } from 'vitest';
import { ComfyuiClient } from '../../../../main/providers/comfyui/comfyui-client.ts';
import { openComfyui } from '../../../../main/providers/comfyui/comfyui-drawer.ts';
import { ComfyuiServer } from '../../../helpers/comfyui-server.ts';
import { serveHttp } from '../../network/local-servers.ts';
import { openToolPlace } from '../open-tool.ts';
import type { ToolSetup } from '../open-tool.ts';
import { drawWith, never, openMeter, openPictures } from '../tool-bench.ts';

const pictures = openPictures();

async function open(setup: Partial<ToolSetup> = {}) {
  const server = new ComfyuiServer();
  const origin = await serveHttp(server.listener, server.upgrade);
  const client = new ComfyuiClient(await openToolPlace(origin, { kind: 'comfyui', ...setup }));
  const times = { checkMs: 40, pauseMs: 10 };
  const meter = openMeter();
  const drawer = await openComfyui(client, { pictures, meter, times }, never);
  return { server, meter, drawer, submits: () => server.asked('/prompt', 'POST').length };
}

describe('a prompt is queued once', () => {
  it('where the answer to it never came', async () => {
    const { server, drawer, submits } = await open();
    server.fault('/prompt', 'cut-after');
    const drawn = await drawWith(drawer);
    expect(drawn.pictures).toHaveLength(1);
    expect(submits()).toBe(1);
  });

  it('again, where it was not heard at all', async () => {
    const { server, drawer, submits } = await open();
    server.fault('/prompt', 'cut');
    expect((await drawWith(drawer)).pictures).toHaveLength(1);
    expect(submits()).toBe(2);
  });

  it('where the socket breaks off in the middle of a frame, and is listened to again', async () => {
    const { server, drawer, submits } = await open();
    server.held = 'step';
    const drawing = drawWith(drawer);
    await server.next('/prompt');
    await server.next('/queue');
    server.dropSockets(true);
    await server.next('/ws');
    server.go();
    const drawn = await drawing;
    expect(drawn.pictures).toHaveLength(1);
    expect(drawn.previews.length).toBeGreaterThan(0);
    expect(submits()).toBe(1);
    expect(server.asked('/ws')).toHaveLength(2);
  });

  it('where the work is begun again: what goes on is taken up, and so is what was done', async () => {
    const { server, drawer, submits, meter } = await open();
    server.held = 'step';
    const first = drawWith(drawer, { workId: 'same' });
    await server.next('/prompt');
    const second = drawWith(drawer, { workId: 'same' });
    await server.next('/ws');
    server.go();
    await Promise.all([first, second]);
    await drawWith(drawer, { workId: 'same' });
    expect(submits()).toBe(1);
    expect(meter.counted).toHaveLength(1);
    await drawWith(drawer, { workId: 'another' });
    expect(submits()).toBe(2);
  });

  it('with a server that gives ids of its own', async () => {
    const { server, drawer, submits } = await open();
    server.givesOwnIds = true;
    expect((await drawWith(drawer)).pictures[0]?.recipe).toMatchObject({ answer: { promptId: 'own-1' } });
    expect(submits()).toBe(1);
  });
});

describe('a server', () => {
  it('that was started anew in the middle is asked once more', async () => {
    const { server, drawer, submits } = await open();
    server.held = 'step';
    const drawing = drawWith(drawer);
    await server.next('/prompt');
    await server.next('/queue');
    server.restart();
    server.held = null;
    expect((await drawing).pictures).toHaveLength(1);
    expect(submits()).toBe(2);
  });

  it('that forgets again and again is not asked for ever', async () => {
    const { server, drawer, submits } = await open();
    server.held = 'queue';
    const drawing = drawWith(drawer);
    const failed = expect(drawing).rejects.toMatchObject({ code: 'tool-failed' });
    await server.next('/prompt');
    server.restart();
    await server.next('/prompt');
    server.restart();
    await failed;
    expect(submits()).toBe(2);
  });

  it('that cannot be listened to is asked how things stand', async () => {
    const { server, drawer } = await open();
    server.deaf = true;
    const drawn = await drawWith(drawer);
    expect(drawn.pictures).toHaveLength(1);
    expect(drawn.previews).toEqual([]);
    expect(drawn.log.join(' ')).toContain('cannot be listened to');
  });

  it('with prompts of others says how many go before', async () => {
    const { server, drawer } = await open();
    server.held = 'queue';
    server.others = 3;
    const drawing = drawWith(drawer);
    await server.next('/prompt');
    await server.next('/queue');
    await server.next('/queue');
    server.go();
    const drawn = await drawing;
    expect(drawn.progress).toContainEqual({ fraction: 0, phase: 'waiting', step: 0, steps: 0, ahead: 3 });
  });

  it('that does not answer for longer than the patience is told as such', async () => {
    const { server, drawer } = await open({ patienceSeconds: 1 });
    server.held = 'queue';
    const drawing = drawWith(drawer);
    await server.next('/prompt');
    server.fault('/history', ...Array.from({ length: 500 }, () => 'cut' as const));
    await expect(drawing).rejects.toMatchObject({ code: 'address-unreachable' });
  });

  it.each([
    [
      { status: 500, body: '500 Internal Server Error\n\nServer got itself in trouble' },
      'tool-failed',
      /Server got itself in trouble/,
    ],
    [{ status: 200, body: '<html>a page</html>' }, 'answer-unreadable', /cannot read/],
    [{ status: 200, body: '{"prompt_id":' }, 'answer-unreadable', /cannot read/],
    [{ status: 429, body: '{"error":"slow down"}' }, 'tool-limited', /takes no more requests for now\. It says: slow down/],
    [{ status: 401, body: '' }, 'tool-refused', /wants a key/],
  ])('that answers %o says what is wrong', async (fault, code, message) => {
    const { server, drawer, submits } = await open();
    server.fault('/prompt', fault);
    await expect(drawWith(drawer)).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(submits()).toBe(1);
  });

  it('that refuses a prompt is heard in its own words', async () => {
    const { server, drawer } = await open();
    server.models = ['another.safetensors'];
    await expect(drawWith(drawer)).rejects.toMatchObject({
      code: 'tool-refused',
      message: expect.stringContaining(
        "CheckpointLoaderSimple: Value not in list (ckpt_name: 'nope.safetensors' not in",
      ) as string,
    });
  });

  it('that fails while it draws is heard in its own words, and asked anew the next time', async () => {
    const { server, drawer, submits } = await open();
    server.failure = {
      node_type: 'KSampler',
      exception_message: 'CUDA out of memory.',
      exception_type: 'torch.OutOfMemoryError',
    };
    await expect(drawWith(drawer)).rejects.toMatchObject({
      code: 'tool-failed',
      message: expect.stringContaining('failed in KSampler. It says: CUDA out of memory.') as string,
      hint: expect.stringContaining('smaller') as string,
    });
    server.failure = null;
    expect((await drawWith(drawer)).pictures).toHaveLength(1);
    expect(submits()).toBe(2);
  });

  it('that is still stopping when the work is begun anew is waited for, and then asked', async () => {
    const { server, drawer, submits } = await open();
    [server.held, server.stubborn] = ['step', true];
    const stop = new AbortController();
    const drawing = drawWith(drawer, { signal: stop.signal });
    await server.next('/prompt');
    await server.next('/queue');
    stop.abort(new Error('enough'));
    await expect(drawing).rejects.toThrow('enough');
    const again = drawWith(drawer);
    await server.next('/ws');
    server.go();
    expect((await again).pictures).toHaveLength(1);
    expect(submits()).toBe(2);
  });

  it('is told to stop what runs, and to forget what waits, when the drawing is cancelled', async () => {
    for (const [held, path] of [
      ['step', '/interrupt'],
      ['queue', '/queue'],
    ] as const) {
      const { server, drawer } = await open();
      server.held = held;
      const stop = new AbortController();
      const drawing = drawWith(drawer, { signal: stop.signal });
      await server.next('/prompt');
      if (held === 'step') await server.next('/queue');
      stop.abort(new Error('enough'));
      await expect(drawing).rejects.toThrow('enough');
      expect(server.asked(path, 'POST')).toHaveLength(1);
    }
  });
});
