import { expect, it } from 'vitest';
import { readHubPlaces } from '../../../main/downloads/hub-places.ts';
import { hubServer } from '../../helpers/hub-server.ts';
import { serveHttp } from '../network/local-servers.ts';
import { openTestNetwork } from '../network/open-test-network.ts';
import { Hub } from '../../../main/downloads/hub.ts';
import { openTestHub, small } from './fetch-test-files.ts';

const never = new AbortController().signal;

it('says what a repository holds, at which commit and under which licence', async () => {
  const { hub } = await openTestHub(await serveHttp(hubServer([small]).listener));
  const found = await hub.describe('org/small', 'refs/pr/1', never);
  expect(found).toMatchObject({ commit: small.commit, licence: 'mit', gated: false });
  expect(found.files.map(({ path, bytes, hash }) => [path, bytes, hash.kind])).toEqual([
    ['README.md', 8, 'git-sha1'],
    ['onnx/model.onnx', 300_000, 'sha256'],
    ['onnx/text model.onnx', 120_000, 'sha256'],
    ['empty.txt', 0, 'git-sha1'],
  ]);
});

it('asks nothing without a consent, and names what would go there', async () => {
  const server = hubServer([small]);
  const { network } = await openTestNetwork({ environment: { HF_TOKEN: 'hf_token' } });
  const hub = new Hub(network, { endpoint: await serveHttp(server.listener), cacheFolder: '/nowhere' });
  const needed = { code: 'consent-needed', details: { purpose: 'download', sends: 'address key' } };
  await expect(hub.describe('org/small', 'main', never)).rejects.toMatchObject(needed);
  expect(server.asked).toEqual([]);
});

it.each([
  [401, { 'x-error-code': 'GatedRepo' }, 'gated'],
  [403, { 'x-error-code': 'GatedRepo' }, 'gated'],
  [401, {}, 'missing'],
  [404, { 'x-error-code': 'RepoNotFound' }, 'missing'],
  [404, { 'x-error-code': 'RevisionNotFound' }, 'missing'],
  [403, { 'x-error-message': 'Access to this resource is disabled.' }, 'disabled'],
  [429, {}, 'limited'],
  [503, {}, 'status'],
])('tells %s %j as %s, with the page to open', async (status, headers, reason) => {
  const { hub } = await openTestHub(await serveHttp((_request, response) => response.writeHead(status, headers).end()));
  const page = hub.pageOf('org/small');
  const refused = { code: 'download-refused', details: { reason, page } };
  await expect(hub.describe('org/small', 'main', never)).rejects.toMatchObject(refused);
});

it('tells a repository that has another name by now, with the page of that one', async () => {
  const server = hubServer([small]);
  const { hub } = await openTestHub(
    await serveHttp((request, response) => {
      if (request.url?.startsWith('/api/models/old/name/') === true)
        response.writeHead(307, { location: '/api/models/org/small/revision/main?blobs=true' }).end();
      else server.listener(request, response);
    }),
  );
  const moved = { code: 'download-refused', details: { reason: 'moved', movedTo: 'org/small', page: hub.pageOf('org/small') } };
  await expect(hub.describe('old/name', 'main', never)).rejects.toMatchObject(moved);
});

it.each(['../evil.onnx', '/etc/passwd', 'a/../../b', 'C:\\x', 'a\u0000b'])(
  'refuses a repository with a file %j',
  async (rfilename) => {
    const json = { id: 'org/small', sha: small.commit, siblings: [{ rfilename, size: 1, blobId: 'a'.repeat(40) }] };
    const { hub } = await openTestHub(await serveHttp((_request, response) => response.end(JSON.stringify(json))));
    await expect(hub.describe('org/small', 'main', never)).rejects.toMatchObject({ code: 'pack-invalid' });
  },
);

it('takes no file that nothing says the sum of, and nothing that is no hub', async () => {
  const json = { id: 'org/small', sha: small.commit, siblings: [{ rfilename: 'a', size: 1 }] };
  const unsure = await openTestHub(await serveHttp((_request, response) => response.end(JSON.stringify(json))));
  await expect(unsure.hub.describe('org/small', 'main', never)).rejects.toMatchObject({ code: 'download-damaged' });
  const other = await openTestHub(await serveHttp((_request, response) => response.end('{"id":3}')));
  await expect(other.hub.describe('org/small', 'main', never)).rejects.toMatchObject({ code: 'answer-unreadable' });
});

it('reads where hub and cache are from the environment as other programs do', () => {
  expect(readHubPlaces({}, '/home/ada')).toEqual({
    endpoint: 'https://huggingface.co',
    cacheFolder: '/home/ada/.cache/huggingface/hub',
  });
  expect(readHubPlaces({ HF_ENDPOINT: 'https://mirror.example/', HF_HOME: '~/models' }, '/home/ada')).toEqual({
    endpoint: 'https://mirror.example',
    cacheFolder: '/home/ada/models/hub',
  });
  expect(readHubPlaces({ HF_HUB_CACHE: '/cache', HF_HOME: '/x' }, '/home/ada').cacheFolder).toBe('/cache');
  expect(() => readHubPlaces({ HF_ENDPOINT: 'mirror' }, '/')).toThrow(
    expect.objectContaining({ code: 'address-refused' }) as Error,
  );
});
