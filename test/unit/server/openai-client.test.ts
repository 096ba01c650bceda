import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PACK_ID, hasPack } from '../../contract/open-test-studio.ts';
import { openTestServer } from './open-test-server.ts';
import type { TestServer } from './open-test-server.ts';

const imagesSchema = z.object({
  created: z.number().int().positive(),
  size: z.string(),
  data: z.array(z.object({ b64_json: z.base64(), seed: z.number().int() })),
});
const errorSchema = z.object({
  error: z.object({ message: z.string(), type: z.string(), param: z.string().nullable(), code: z.string() }),
});

/** Requests as OpenAI's own client for Node and Open WebUI send them. */
describe.skipIf(!hasPack)('a client of OpenAI’s images', { timeout: 120_000 }, () => {
  let test: TestServer;
  let key: string;
  beforeAll(async () => {
    test = await openTestServer();
    key = (await test.studio.client.accessKeys.create({ name: 'openai', scope: 'draw' })).secret;
  });
  afterAll(() => test.close());

  const ask = (path: string, body?: unknown, secret = key) =>
    fetch(`${test.server.origin}/v1/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${secret}`,
        accept: 'application/json',
        'user-agent': 'OpenAI/JS 6.9.0',
        'x-stainless-lang': 'js',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const draw = async (more: Record<string, unknown>) => {
    const answer = await ask('images/generations', { model: PACK_ID, prompt: 'a red apple on a road', size: '64x64', ...more });
    expect(answer.status).toBe(200);
    return imagesSchema.parse(await answer.json());
  };
  const refuse = async (more: Record<string, unknown>, secret = key) => {
    const answer = await ask('images/generations', { prompt: 'a fox', size: '64x64', ...more }, secret);
    return { status: answer.status, ...errorSchema.parse(await answer.json()).error };
  };

  it('lists the models and looks one up', async () => {
    const list = z.object({
      object: z.literal('list'),
      data: z.array(z.looseObject({ id: z.string(), object: z.literal('model') })),
    });
    const { data } = list.parse(await (await ask('models')).json());
    expect(data.map(({ id }) => id)).toContain(PACK_ID);
    expect(await (await ask(`models/${PACK_ID}`)).json()).toEqual(data.find(({ id }) => id === PACK_ID));
    const missing = await ask('models/gpt-image-1');
    expect(missing.status).toBe(404);
    expect(errorSchema.parse(await missing.json()).error.code).toBe('model_not_found');
  });

  it('is drawn as many pictures as it asks for, of its size, as base64, and they are in the library', async () => {
    const { data, size } = await draw({ n: 2, seed: 7, response_format: 'b64_json', quality: 'auto', user: 'somebody' });
    expect(size).toBe('64x64');
    expect(data.map(({ seed }) => seed)).toEqual([7, 8]);
    for (const { b64_json } of data) {
      expect(await sharp(Buffer.from(b64_json, 'base64')).metadata()).toMatchObject({ format: 'png', width: 64, height: 64 });
    }
    expect((await test.studio.client.library.query({ kinds: ['generation'] })).items).toHaveLength(2);
  });

  it('gets the same picture for the same seed, and the pack’s own size where it names none', async () => {
    const [first, second] = [await draw({ seed: 3 }), await draw({ seed: 3, n: null })];
    expect(second.data).toEqual(first.data);
    const own = await draw({ size: 'auto', model: undefined });
    expect(own.size).toBe('128x128');
  });

  it('is told what is wrong as OpenAI tells it', async () => {
    expect(await refuse({ model: 'dall-e-2' })).toMatchObject({
      status: 404,
      type: 'invalid_request_error',
      param: 'model',
      code: 'model_not_found',
      message: expect.stringContaining(PACK_ID) as string,
    });
    expect(await refuse({ n: 11 })).toMatchObject({ status: 400, type: 'invalid_request_error', param: 'n' });
    expect(await refuse({ size: 'large' })).toMatchObject({ status: 400, param: 'size' });
    expect(await refuse({ size: '65x64' })).toMatchObject({ type: 'invalid_request_error', code: expect.any(String) as string });
    expect(await refuse({ response_format: 'url' })).toMatchObject({ status: 400, param: 'response_format' });
    expect(await refuse({ stream: true })).toMatchObject({ status: 400, param: 'stream' });
    expect(await refuse({ prompt: undefined })).toMatchObject({ status: 400, param: 'prompt' });
    expect(await refuse({}, 'sk-nothing')).toMatchObject({ status: 401, code: 'invalid_api_key' });
    const reader = await test.studio.client.accessKeys.create({ name: 'reader', scope: 'read' });
    expect(await refuse({}, reader.secret)).toMatchObject({ status: 403, code: 'not_allowed' });
    const broken = await fetch(`${test.server.origin}/v1/images/generations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: '{"prompt":',
    });
    expect(broken.status).toBe(400);
    expect(errorSchema.parse(await broken.json()).error.message).toContain('not JSON');
  });

  it('that goes away cancels what is not drawn yet', async () => {
    const leaving = new AbortController();
    const events = await test.studio.client.studio.events();
    await events.next();
    const asked = fetch(`${test.server.origin}/v1/images/generations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'a fox in the snow', n: 10, size: '512x512' }),
      signal: leaving.signal,
    }).then(
      () => 'answered',
      () => 'left',
    );
    const states: string[] = [];
    for await (const event of events) {
      if (event.type !== 'job-changed') continue;
      states.push(event.job.state);
      if (event.job.state === 'running') leaving.abort();
      if (event.job.endedMs !== null) break;
    }
    expect(await asked).toBe('left');
    expect(states.at(-1)).toBe('cancelled');
  });
});
