import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { openOpenAiImages, testOpenAiImages } from '../../../main/providers/openai-images/openai-images-drawer.ts';
import { modelServer } from '../../helpers/model-server.ts';
import type { HeardRequest } from '../../helpers/model-server.ts';
import { serveHttp } from '../network/local-servers.ts';
import { openToolPlace } from './open-tool.ts';
import { drawWith, never, openMeter, openPictures } from './tool-bench.ts';

const pictures = openPictures();
const png = readFileSync(new URL('../../fixtures/images/small.png', import.meta.url));
const json = (response: ServerResponse, value: unknown, status = 200, headers = {}) =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
const drawn = { created: 1, data: [{ b64_json: png.toString('base64') }], output_format: 'png' };
const usage = { input_tokens: 12, output_tokens: 300, total_tokens: 312 };

async function open(model: string, answer: (response: ServerResponse, number: number, heard: HeardRequest) => void) {
  const { listener, heard } = modelServer(answer);
  const environment = { DEDIFFUSION_SECRET_PICTURES: 'sk-hush-hush' };
  const origin = await serveHttp(listener);
  const place = await openToolPlace(`${origin}/v1`, { kind: 'openai-images', model, secret: 'pictures', environment });
  const meter = openMeter();
  return { heard, place, meter, origin, drawer: openOpenAiImages(place, { pictures, meter }) };
}

describe('OpenAI Images', () => {
  it('draws a text, one request a picture, and counts what each cost', async () => {
    const { heard, drawer, meter } = await open('gpt-image-1-mini', (response) =>
      json(response, { ...drawn, data: [{ ...drawn.data[0], revised_prompt: 'A fox.' }], usage }),
    );
    const { pictures: got } = await drawWith(drawer, { count: 2 });
    expect(heard.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/v1/images/generations', 'Bearer sk-hush-hush'],
      ['/v1/images/generations', 'Bearer sk-hush-hush'],
    ]);
    expect(heard[0]?.body).toEqual({ model: 'gpt-image-1-mini', prompt: 'a red fox', size: '1024x1024', n: 1 });
    expect(got[0]?.recipe).toMatchObject({
      ...{ tool: 'openai-images', model: 'gpt-image-1-mini', seed: null, text: 'a red fox' },
      answer: { revisedPrompt: 'A fox.', usage },
    });
    expect(meter.counted).toEqual([
      { inputTokens: 12, outputTokens: 300 },
      { inputTokens: 12, outputTokens: 300 },
    ]);
    expect(JSON.stringify(got)).not.toContain('hush');
  });

  it('asks servers of other models for the picture itself, and takes it from their own address where they name that', async () => {
    let address = '';
    const { heard, drawer, origin } = await open('sd-cpp-local', (response, _number, { path }) => {
      if (path === '/files/1.png') response.writeHead(200, { 'content-type': 'image/png' }).end(png);
      else json(response, { created: 1, data: [{ url: address }] });
    });
    address = `${origin}/files/1.png`;
    expect((await drawWith(drawer)).pictures).toHaveLength(1);
    expect(heard[0]?.body).toMatchObject({ response_format: 'b64_json' });
    address = 'https://elsewhere.example/1.png';
    await expect(drawWith(drawer)).rejects.toMatchObject({
      code: 'answer-unreadable',
      message: expect.stringContaining('It lies at elsewhere.example, to which nobody has agreed.') as string,
    });
  });

  it('is asked again after too many requests alone: anything else may have been paid', async () => {
    const limited = await open('m', (response, number) =>
      number === 0 ? json(response, { error: { message: 'slow' } }, 429, { 'retry-after-ms': '5' }) : json(response, drawn),
    );
    expect((await drawWith(limited.drawer)).pictures).toHaveLength(1);
    expect(limited.heard).toHaveLength(2);
    for (const status of [500, 502, 503]) {
      const broken = await open('m', (response) => json(response, { error: 'server_error', message: 'oh' }, status));
      await expect(drawWith(broken.drawer)).rejects.toMatchObject({ code: 'tool-failed', details: { said: 'oh' } });
      expect(broken.heard).toHaveLength(1);
    }
    const cut = await open('m', (response) => void response.destroy());
    await expect(drawWith(cut.drawer)).rejects.toMatchObject({ code: 'address-unreachable' });
    expect(cut.heard).toHaveLength(1);
    const half = await open('m', (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 10_000 });
      response.write('{"created":1,', () => response.destroy());
    });
    await expect(drawWith(half.drawer)).rejects.toMatchObject({ code: 'address-unreachable' });
    expect(half.heard).toHaveLength(1);
    const silent = await open('m', () => undefined);
    await expect(drawWith(silent.drawer)).rejects.toMatchObject({
      ...{ code: 'address-unreachable', details: { reason: 'time' } },
    });
    expect(silent.heard).toHaveLength(1);
  });

  it.each([
    [
      400,
      { error: { message: 'Your request was rejected by the safety system.', code: 'moderation_blocked' } },
      'tool-refused',
      /rejected by the safety system/,
      0,
    ],
    [400, { error: 'prompt required' }, 'tool-refused', /It says: prompt required/, 0],
    [401, { error: { message: 'Incorrect API key provided: sk-hush-hush' } }, 'tool-refused', /does not accept the key/, 0],
    [404, { error: { message: 'The model m does not exist' } }, 'tool-refused', /The model m does not exist/, 0],
    [200, { data: [] }, 'answer-unreadable', /cannot read/, 0],
    [200, { data: [{ b64_json: 'bm9uZQ==' }] }, 'answer-unreadable', /no picture/, 1],
  ])('that answers %i %o is heard in its own words', async (status, body, code, message, paid) => {
    const { drawer, meter } = await open('m', (response) => json(response, body, status));
    const failure = drawWith(drawer).catch((error: unknown) => error);
    expect(await failure).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(JSON.stringify(await failure)).not.toContain('hush');
    expect(meter.counted).toHaveLength(paid);
  });

  it('says which models it has', async () => {
    const { place } = await open('m', (response) => json(response, { data: [{ id: 'm' }, { id: 'n' }] }));
    expect(await testOpenAiImages(place, never)).toMatchObject({ models: ['m', 'n'], schedulers: 0 });
    const other = await open('gone', (response) => json(response, { data: [{ id: 'm' }] }));
    await expect(testOpenAiImages(other.place, never)).rejects.toMatchObject({ hint: 'Choose one that it has: m.' });
  });
});
