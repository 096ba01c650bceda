import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { openStability, testStability } from '../../../main/providers/stability/stability-drawer.ts';
import { serveHttp } from '../network/local-servers.ts';
import { openToolPlace } from './open-tool.ts';
import { drawWith, never, openMeter, openPictures, startPicture } from './tool-bench.ts';

const pictures = openPictures();
const png = readFileSync(new URL('../../fixtures/images/small.png', import.meta.url)).toString('base64');
const drawn = { image: png, finish_reason: 'SUCCESS', seed: 7 };

interface Heard {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly fields: Readonly<Record<string, string>>;
}

const json = (response: ServerResponse, value: unknown, status = 200, headers = {}): void =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));

/** A server of Stability's API as its reference describes it, which reads the form. */
async function open(model: string, answer: (response: ServerResponse, number: number) => void) {
  const heard: Heard[] = [];
  const origin = await serveHttp((request, response) => {
    void (async () => {
      const body = await new Response(request as unknown as ReadableStream, { headers: request.headers as HeadersInit })
        .formData()
        .catch(() => new FormData());
      const fields = Object.fromEntries([...body].map(([name, value]) => [name, typeof value === 'string' ? value : value.type]));
      heard.push({ path: request.url ?? '', headers: request.headers, fields });
      answer(response, heard.length - 1);
    })();
  });
  const environment = { DEDIFFUSION_SECRET_STABILITY: 'sk-hush-hush' };
  const place = await openToolPlace(origin, { kind: 'stability', model, secret: 'stability', environment });
  const meter = openMeter();
  return { heard, place, meter, openDrawer: () => openStability(place, { pictures, meter }) };
}

describe("Stability's API", () => {
  it('draws a text by a form, one request a picture, each counted', async () => {
    const { heard, meter, openDrawer } = await open('core', (response) => json(response, drawn));
    const settings = { negative: 'snow', width: 1344, height: 768 };
    const { pictures: got } = await drawWith(openDrawer(), { count: 2, settings });
    expect(heard.map(({ path, headers, fields }) => [path, headers.authorization, headers.accept, fields['seed']])).toEqual([
      ['/v2beta/stable-image/generate/core', 'Bearer sk-hush-hush', 'application/json', '7'],
      ['/v2beta/stable-image/generate/core', 'Bearer sk-hush-hush', 'application/json', '8'],
    ]);
    expect(heard[0]?.fields).toEqual({
      ...{ prompt: 'a red fox', negative_prompt: 'snow', aspect_ratio: '16:9', output_format: 'png', seed: '7' },
    });
    expect(got[0]?.recipe).toMatchObject({
      ...{ tool: 'stability', model: 'core', seed: 7, text: 'a red fox' },
      parameters: { aspect_ratio: '16:9' },
      answer: { finishReason: 'SUCCESS' },
    });
    expect(meter.counted).toEqual([null, null]);
    expect(JSON.stringify(got)).not.toContain('hush');
  });

  it('begins from a picture with a model that can, and says which can', async () => {
    const { heard, openDrawer } = await open('sd3.5-large-turbo', (response) => json(response, drawn));
    const drawer = openDrawer();
    expect(drawer.abilities).toMatchObject({ initPictures: true, negative: false, seeds: true, sampling: false });
    const init = { source: startPicture, imageSha256: 'ab'.repeat(32), strength: 0.4 };
    await drawWith(drawer, { init });
    expect(heard[0]).toMatchObject({
      path: '/v2beta/stable-image/generate/sd3',
      fields: { model: 'sd3.5-large-turbo', mode: 'image-to-image', strength: '0.4', image: 'image/png' },
    });
    expect(heard[0]?.fields).not.toHaveProperty('aspect_ratio');
  });

  it('is never sent 0 for a seed, which means any there', async () => {
    const { heard, openDrawer } = await open('ultra', (response) => json(response, { ...drawn, seed: undefined }));
    const { pictures: got } = await drawWith(openDrawer(), { seed: 0 });
    expect(heard[0]?.fields['seed']).toBe('1');
    expect(got[0]?.recipe).toMatchObject({ seed: 1 });
    expect(JSON.stringify(got[0]?.recipe)).toContain('so 0 became 1');
  });

  it('refuses a size that is none of its ratios before anything is sent', async () => {
    const { heard, openDrawer } = await open('core', (response) => json(response, drawn));
    await expect(drawWith(openDrawer(), { settings: { width: 1000, height: 300 } })).rejects.toMatchObject({
      code: 'bad-request',
      hint: expect.stringContaining('16:9') as string,
    });
    expect(heard).toEqual([]);
  });

  it('is asked again after too many requests alone: anything else may have been paid', async () => {
    const limited = await open('core', (response, number) =>
      number === 0 ? json(response, { errors: ['slow'] }, 429, { 'retry-after-ms': '5' }) : json(response, drawn),
    );
    expect((await drawWith(limited.openDrawer())).pictures).toHaveLength(1);
    expect(limited.heard).toHaveLength(2);
    const broken = await open('core', (response) => json(response, { name: 'internal_error', errors: ['oh'] }, 500));
    await expect(drawWith(broken.openDrawer())).rejects.toMatchObject({ code: 'tool-failed', details: { said: 'oh' } });
    expect(broken.heard).toHaveLength(1);
    const cut = await open('core', (response) => void response.destroy());
    await expect(drawWith(cut.openDrawer())).rejects.toMatchObject({ code: 'address-unreachable' });
    expect(cut.heard).toHaveLength(1);
    const half = await open('core', (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 10_000 });
      response.write('{"created":1,', () => response.destroy());
    });
    await expect(drawWith(half.openDrawer())).rejects.toMatchObject({ code: 'address-unreachable' });
    expect(half.heard).toHaveLength(1);
    const silent = await open('core', () => undefined);
    await expect(drawWith(silent.openDrawer())).rejects.toMatchObject({
      ...{ code: 'address-unreachable', details: { reason: 'time' } },
    });
    expect(silent.heard).toHaveLength(1);
  });

  it.each([
    [400, { name: 'bad_request', errors: ['prompt: too long', 'seed: no'] }, 'tool-refused', /prompt: too long; seed: no/, 0],
    [401, { errors: ['invalid key sk-hush-hush'] }, 'tool-refused', /does not accept the key/, 0],
    [402, { errors: ['You lack sufficient credits'] }, 'tool-limited', /lack sufficient credits/, 0],
    [403, { name: 'content_moderation', errors: ['Your request was flagged'] }, 'tool-refused', /does not draw this.*flagged/, 0],
    [403, { name: 'permission_denied', errors: ['not for you'] }, 'tool-refused', /does not accept the key/, 0],
    [404, { errors: ['no such model'] }, 'tool-refused', /no such model/, 0],
    [200, { image: png, finish_reason: 'CONTENT_FILTERED', seed: 7 }, 'tool-refused', /blurred/, 1],
    [200, { image: 'bm9uZQ==', finish_reason: 'SUCCESS' }, 'answer-unreadable', /no picture/, 1],
    [200, { artifacts: [] }, 'answer-unreadable', /cannot read/, 0],
  ])('that answers %i %o is heard in its own words', async (status, body, code, message, paid) => {
    const { openDrawer, meter } = await open('core', (response) => json(response, body, status));
    const failure = await drawWith(openDrawer()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(JSON.stringify(failure)).not.toContain('hush');
    expect(meter.counted).toHaveLength(paid);
  });

  it('is tested by a look at the account, which says what is wrong', async () => {
    const { place, heard } = await open('core', (response) => json(response, { credits: 25.6 }));
    expect(await testStability(place, never)).toMatchObject({ program: 'Stability API, 25 credits left', schedulers: 0 });
    expect(heard.map(({ path }) => path)).toEqual(['/v1/user/balance']);
    const empty = await open('core', (response) => json(response, { credits: 0.2 }));
    await expect(testStability(empty.place, never)).rejects.toMatchObject({ code: 'tool-limited' });
    const odd = await open('sd9', (response) => json(response, { credits: 9 }));
    await expect(testStability(odd.place, never)).rejects.toMatchObject({
      hint: expect.stringContaining('core, ultra') as string,
    });
    expect(odd.heard).toEqual([]);
  });
});
