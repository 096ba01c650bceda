import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorBodySchema } from '../../../contract/errors.ts';
import { jobSchema } from '../../../contract/job.ts';
import { libraryItemSchema } from '../../../contract/library.ts';
import { contract } from '../../../contract/methods.ts';
import { scopeOfMethod } from '../../../contract/scope-of-method.ts';
import { packSummarySchema } from '../../../contract/pack.ts';
import { makePicture } from '../../contract/make-picture.ts';
import { PACK_ID } from '../../contract/open-test-studio.ts';
import { openTestServer } from './open-test-server.ts';
import type { TestServer } from './open-test-server.ts';

let test: TestServer;
let bearer: Readonly<Record<string, string>>;
beforeAll(async () => {
  test = await openTestServer();
  const { secret } = await test.studio.client.accessKeys.create({ name: 'a script', scope: 'draw' });
  bearer = { authorization: `Bearer ${secret}` };
});
afterAll(() => test.close());

const get = (path: string) => fetch(`${test.server.origin}/api/${path}`, { headers: bearer });
const post = (path: string, input?: unknown) =>
  fetch(`${test.server.origin}/api/${path}`, {
    method: 'POST',
    headers: { ...bearer, 'content-type': 'application/json' },
    ...(input === undefined ? {} : { body: typeof input === 'string' ? input : JSON.stringify(input) }),
  });
async function refuse(asked: Promise<Response>): Promise<{ status: number; code: string }> {
  const answer = await asked;
  return { status: answer.status, code: errorBodySchema.parse(await answer.json()).code };
}

const documentSchema = z.looseObject({
  openapi: z.string(),
  info: z.looseObject({ version: z.string() }),
  paths: z.record(
    z.string(),
    z.partialRecord(
      z.enum(['get', 'post']),
      z.looseObject({
        operationId: z.string(),
        description: z.string(),
        tags: z.array(z.string()),
        responses: z.looseObject({}),
      }),
    ),
  ),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});
/** Every `$ref` of a value, however deep. */
function refsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(refsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' && typeof inner === 'string' ? [inner] : refsOf(inner)));
}

describe('the description of the API', () => {
  it('has every method of the contract with its scope, and needs no key', async () => {
    const answer = await fetch(`${test.server.origin}/api/openapi.json`);
    expect(answer.status).toBe(200);
    const { openapi, info, paths } = documentSchema.parse(await answer.json());
    expect(openapi).toMatch(/^3\.1\./);
    expect(info.version).toBe((await test.studio.client.studio.info()).versions.studio);
    const operations = Object.values(paths).flatMap((item) => Object.values(item));
    const described = new Map(operations.map((operation) => [operation.operationId, operation]));
    expect(described.size).toBe(operations.length);
    for (const [group, methods] of Object.entries(contract)) {
      for (const name of Object.keys(methods)) {
        const operation = described.get(`${group}.${name}`);
        expect(operation, `${group}.${name}`).toMatchObject({ tags: [group], responses: { 200: {}, default: {} } });
        const scope = scopeOfMethod([group, name]);
        expect(operation?.description).toContain(scope === 'person' ? 'no access key' : `\`${scope}\``);
        described.delete(`${group}.${name}`);
      }
    }
    expect([...described.keys()].sort()).toEqual(
      ['addPicture', 'picture', 'preview', 'reading', 'thumbnail'].map((name) => `bytes.${name}`),
    );
  });

  it('names what comes often, and everything it names is there', async () => {
    const text = await (await fetch(`${test.server.origin}/api/openapi.json`)).text();
    const document = documentSchema.parse(JSON.parse(text));
    const names = new Set(Object.keys(document.components.schemas));
    const refs = refsOf(document);
    expect(refs.length).toBeGreaterThan(50);
    for (const ref of refs) expect(names).toContain(ref.replace('#/components/schemas/', ''));
    expect(names.size).toBe(new Set(refs).size);
    // A program should be able to read it at a glance.
    expect(text.length).toBeLessThan(400_000);
  });
});

describe('a script', () => {
  it('looks by GET, with the id at the end of the address', async () => {
    const packs = z.array(packSummarySchema).parse(await (await get('packs/list')).json());
    expect(packs.map(({ id }) => id)).toContain(PACK_ID);
    expect(await (await get(`packs/info/${PACK_ID}`)).json()).toEqual(await test.studio.client.packs.info({ packId: PACK_ID }));
  });

  it('adds a picture, and gets it back with what is known of it', async () => {
    const bytes = new Uint8Array(await makePicture(32, { r: 1, g: 2, b: 3 }));
    const sent = await fetch(`${test.server.origin}/api/images`, {
      method: 'POST',
      headers: { ...bearer, 'x-title': 'sea' },
      body: bytes,
    });
    const item = libraryItemSchema.parse(await sent.json());
    if (item.kind !== 'picture') throw new Error('no picture');
    const { sha256 } = item.image;
    expect(new Uint8Array(await (await get(`images/${sha256}`)).arrayBuffer())).toEqual(bytes);
    expect((await get(`thumbnails/${sha256}`)).status).toBe(200);
    expect(await (await get(`images/info/${sha256}`)).json()).toEqual(item.image);
    const page = await post('library/query', { text: 'sea' });
    expect(await page.json()).toEqual(await test.studio.client.library.query({ text: 'sea' }));
  });

  it('hears events as they are sent', async () => {
    const answer = await get('studio/events');
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    while (!heard.includes('"hello"')) heard += (await reader?.read())?.value ?? '';
    const job = jobSchema.parse(
      await (await post('jobs/submit', { kind: 'generate', prompt: { type: 'text', text: '' }, settings: {} })).json(),
    );
    while (!heard.includes(job.id)) heard += (await reader?.read())?.value ?? '';
    expect(heard).toMatch(/^event: message\ndata: \{"type":"job-changed"/m);
    await reader?.cancel();
  });

  it('is told what is wrong, with the status that comes nearest', async () => {
    expect(await refuse(get('library/get/nothing'))).toEqual({ status: 404, code: 'not-found' });
    expect(await refuse(get('packs/info/none'))).toEqual({ status: 404, code: 'pack-not-found' });
    expect(await refuse(get('images/info/short'))).toEqual({ status: 400, code: 'bad-request' });
    expect(await refuse(post('library/query', { limit: 'many' }))).toEqual({ status: 400, code: 'bad-request' });
    expect(await refuse(post('library/query', '{"limit":'))).toEqual({ status: 400, code: 'bad-request' });
    expect(await refuse(post('settings/update', {}))).toEqual({ status: 403, code: 'not-allowed' });
    expect(await refuse(get('library/burn'))).toEqual({ status: 404, code: 'not-found' });
    expect(await refuse(post('studio/info'))).toEqual({ status: 404, code: 'not-found' });
    expect(await refuse(fetch(`${test.server.origin}/api/studio/info`))).toEqual({ status: 401, code: 'unauthorised' });
    expect(await refuse(fetch(`${test.server.origin}/api/library/burn`))).toEqual({ status: 401, code: 'unauthorised' });
  });
});
