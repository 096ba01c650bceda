import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import { expect, test } from 'vitest';
import type { CoreState } from '../../../contract/desktop.ts';
import type { ErrorBody } from '../../../contract/errors.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import { answerScheme } from '../../../main/shell/electron/answer-scheme.ts';
import type { SchemeServices } from '../../../main/shell/electron/answer-scheme.ts';

const inUse: ErrorBody = { code: 'library-in-use', message: 'Another studio has this library.', hint: 'Close it.', details: {} };

function services(
  state: CoreState,
  forward: SchemeServices['forward'] = () => Promise.resolve(new Response('from the core')),
): SchemeServices {
  return {
    whenCoreSettled: () => Promise.resolve(state),
    forward,
    servePage: () => Promise.resolve(new Response('the page')),
    note: () => undefined,
  };
}

const ask = async (address: string, state: CoreState, headers: Record<string, string> = {}) => {
  const response = await answerScheme(new Request(address, { headers }), services(state));
  return response.status === 200 ? response.text() : response.status;
};

test('the page comes from the program, everything else from the core', async () => {
  const ready = { type: 'ready' } as const;
  expect(await ask('studio://app/', ready)).toBe('the page');
  expect(await ask('studio://app/assets/a.js', ready)).toBe('the page');
  expect(await ask('studio://app/imagesque', ready)).toBe('the page');
  for (const path of [
    'rpc/studio/info',
    'images',
    'images/ab',
    'shown/ab',
    'thumbnails/ab',
    'readings/ab',
    'previews/1',
    'packs/tiny/samples/a.png',
  ]) {
    expect(await ask(`studio://app/${path}`, ready)).toBe('from the core');
  }
});

test('the page is there while the core is not', async () => {
  expect(await ask('studio://app/', { type: 'failed', error: inUse })).toBe('the page');
});

test.each([
  ['another host', 'studio://other/rpc/studio/info', {}],
  ['another host that begins alike', 'studio://app.evil/rpc/studio/info', {}],
  ['another origin', 'studio://app/rpc/studio/info', { origin: 'https://evil.example' }],
  ['no origin at all', 'studio://app/images/ab', { origin: 'null' }],
  ['another site', 'studio://app/images/ab', { 'sec-fetch-site': 'cross-site' }],
])('refuses %s', async (_name, address, headers) => {
  expect(await ask(address, { type: 'ready' }, headers)).toBe(403);
});

test('a core that cannot open tells the page’s own client why', async () => {
  const forward = () => Promise.reject(new Error('must not be asked'));
  const fetch = (request: Request) => answerScheme(request, services({ type: 'failed', error: inUse }, forward));
  const client: StudioClient = createORPCClient(new RPCLink({ url: 'studio://app/rpc', fetch }));
  await expect(client.studio.info()).rejects.toMatchObject({ status: 503, data: inUse });
  const upload = await fetch(new Request('studio://app/images', { method: 'POST', body: 'x' }));
  expect(await upload.json()).toEqual(inUse);
});

test.each<[string, CoreState, SchemeServices['forward']]>([
  ['still starting', { type: 'starting' }, () => Promise.resolve(new Response(''))],
  ['gone in the meantime', { type: 'ready' }, () => Promise.reject(new Error('ECONNREFUSED'))],
])('a core that is %s reads as a lost network', async (_name, state, forward) => {
  const response = await answerScheme(new Request('studio://app/rpc/studio/info'), services(state, forward));
  expect(response.type).toBe('error');
});
