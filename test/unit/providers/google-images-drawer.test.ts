import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { openGoogleImages, testGoogleImages } from '../../../main/providers/google-images/google-images-drawer.ts';
import { modelServer } from '../../helpers/model-server.ts';
import { serveHttp } from '../network/local-servers.ts';
import { openToolPlace } from './open-tool.ts';
import { drawWith, never, openMeter, openPictures } from './tool-bench.ts';

const pictures = openPictures();
const png = readFileSync(new URL('../../fixtures/images/small.png', import.meta.url)).toString('base64');
const gemini = (parts: unknown[], more: object = { finishReason: 'STOP' }) => ({
  candidates: [{ content: { role: 'model', parts }, ...more }],
  usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 1290, totalTokenCount: 1295 },
});
const drawn = gemini([{ text: 'Here it is.' }, { inlineData: { mimeType: 'image/png', data: png } }]);
const refused = (code: number, status: string, message: string) => ({ error: { code, status, message } });

const json = (response: ServerResponse, value: unknown, status = 200, headers = {}): void =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));

/** A server of the Gemini API as its reference describes it. */
async function open(model: string, answer: (response: ServerResponse, number: number) => void) {
  const { listener, heard } = modelServer(answer);
  const environment = { DEDIFFUSION_SECRET_GEMINI: 'AIza-hush-hush' };
  const address = `${await serveHttp(listener)}/v1beta`;
  const place = await openToolPlace(address, { kind: 'google-images', model, secret: 'gemini', environment });
  const meter = openMeter();
  return { heard, place, meter, drawer: openGoogleImages(place, { pictures, meter }) };
}

describe('Gemini and Imagen', () => {
  it('draws with a model of Gemini, and counts its tokens', async () => {
    const { heard, drawer, meter } = await open('gemini-2.5-flash-image', (response) => json(response, drawn));
    const { pictures: got } = await drawWith(drawer, { settings: { width: 1344, height: 768 } });
    expect(heard[0]).toMatchObject({
      path: '/v1beta/models/gemini-2.5-flash-image:generateContent',
      body: {
        contents: [{ role: 'user', parts: [{ text: 'a red fox' }] }],
        generationConfig: { responseModalities: ['IMAGE'], imageConfig: { aspectRatio: '16:9' } },
      },
    });
    expect(heard[0]?.headers['x-goog-api-key']).toBe('AIza-hush-hush');
    expect(heard[0]?.headers.authorization).toBeUndefined();
    expect(got[0]?.recipe).toMatchObject({ tool: 'google-images', model: 'gemini-2.5-flash-image', seed: null });
    expect(meter.counted).toEqual([{ inputTokens: 5, outputTokens: 1290 }]);
    expect(JSON.stringify(got)).not.toContain('hush');
  });

  it('draws with a model of Imagen, in its own form', async () => {
    const { heard, drawer } = await open('imagen-4.0-generate-001', (response) =>
      json(response, { predictions: [{ mimeType: 'image/png', bytesBase64Encoded: png }] }),
    );
    expect((await drawWith(drawer)).pictures).toHaveLength(1);
    expect(heard[0]).toMatchObject({
      path: '/v1beta/models/imagen-4.0-generate-001:predict',
      body: { instances: [{ prompt: 'a red fox' }], parameters: { sampleCount: 1, aspectRatio: '1:1' } },
    });
  });

  it('is asked again after too many requests alone: anything else may have been paid', async () => {
    const limited = await open('gemini-image', (response, number) =>
      number === 0
        ? json(response, refused(429, 'RESOURCE_EXHAUSTED', 'quota'), 429, { 'retry-after-ms': '5' })
        : json(response, drawn),
    );
    expect((await drawWith(limited.drawer)).pictures).toHaveLength(1);
    expect(limited.heard).toHaveLength(2);
    const broken = await open('gemini-image', (response) => json(response, refused(503, 'UNAVAILABLE', 'overloaded'), 503));
    await expect(drawWith(broken.drawer)).rejects.toMatchObject({ code: 'tool-failed', details: { said: 'overloaded' } });
    expect(broken.heard).toHaveLength(1);
    const cut = await open('gemini-image', (response) => void response.destroy());
    await expect(drawWith(cut.drawer)).rejects.toMatchObject({ code: 'address-unreachable' });
    expect(cut.heard).toHaveLength(1);
    const half = await open('gemini-image', (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 10_000 });
      response.write('{"created":1,', () => response.destroy());
    });
    await expect(drawWith(half.drawer)).rejects.toMatchObject({ code: 'address-unreachable' });
    expect(half.heard).toHaveLength(1);
    const silent = await open('gemini-image', () => undefined);
    await expect(drawWith(silent.drawer)).rejects.toMatchObject({
      ...{ code: 'address-unreachable', details: { reason: 'time' } },
    });
    expect(silent.heard).toHaveLength(1);
  });

  it.each([
    [
      'gemini-image',
      400,
      refused(400, 'INVALID_ARGUMENT', 'API key not valid: AIza-hush-hush'),
      'tool-refused',
      /accept the key/,
    ],
    ['gemini-image', 400, refused(400, 'INVALID_ARGUMENT', 'aspect ratio'), 'tool-refused', /does not draw this.*aspect ratio/],
    ['gemini-image', 403, refused(403, 'PERMISSION_DENIED', 'no billing'), 'tool-refused', /accept the key.*no billing/],
    ['gemini-image', 404, refused(404, 'NOT_FOUND', 'models/x is not found'), 'tool-refused', /is not found/],
    ['gemini-image', 200, { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }, 'tool-refused', /PROHIBITED_CONTENT/],
    ['gemini-image', 200, gemini([], { finishReason: 'IMAGE_SAFETY' }), 'tool-refused', /IMAGE_SAFETY/],
    ['gemini-image', 200, gemini([{ text: 'I cannot draw that.' }]), 'tool-refused', /I cannot draw that/],
    [
      'gemini-text',
      200,
      gemini([{ inlineData: { mimeType: 'image/png', data: 'bm9uZQ==' } }]),
      'answer-unreadable',
      /no picture/,
    ],
    ['gemini-image', 200, { hello: 1 }, 'answer-unreadable', /cannot read/],
    ['imagen-4', 200, { predictions: [{ raiFilteredReason: 'a face of a child' }] }, 'tool-refused', /face of a child/],
    ['imagen-4', 200, {}, 'tool-refused', /filter let no picture through/],
  ])('%s that answers %i %o is heard in its own words', async (model, status, body, code, message) => {
    const { drawer, meter } = await open(model, (response) => json(response, body, status));
    const failure = await drawWith(drawer).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(JSON.stringify(failure)).not.toContain('hush');
    expect(meter.counted).toEqual([]);
  });

  it('is tested by its list of models, which says what is wrong', async () => {
    const models = ['models/gemini-2.5-flash', 'models/gemini-2.5-flash-image', 'models/imagen-4.0-generate-001'];
    const answer = (response: ServerResponse) => json(response, { models: models.map((name) => ({ name })) });
    const { place } = await open('gemini-2.5-flash-image', answer);
    expect(await testGoogleImages(place, never)).toMatchObject({
      models: ['gemini-2.5-flash-image', 'imagen-4.0-generate-001'],
    });
    const other = await open('gone', answer);
    await expect(testGoogleImages(other.place, never)).rejects.toMatchObject({
      hint: 'Choose one that it has: gemini-2.5-flash-image, imagen-4.0-generate-001.',
    });
    const keyless = await open('gone', (response) => json(response, refused(400, 'INVALID_ARGUMENT', 'API key not valid.'), 400));
    await expect(testGoogleImages(keyless.place, never)).rejects.toMatchObject({
      message: expect.stringContaining('does not accept the key') as string,
    });
  });
});
