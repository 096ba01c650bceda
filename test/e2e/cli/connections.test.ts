import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blendOutputSchema } from '../../../main/shell/cli/commands/blend.ts';
import { connectionTestOutputSchema, connectionsOutputSchema } from '../../../main/shell/cli/commands/connections.ts';
import { encodeOutputSchema } from '../../../main/shell/cli/commands/encode.ts';
import { KserveServer } from '../../helpers/kserve-server.ts';
import { modelServer, writeChat } from '../../helpers/model-server.ts';
import { packFolder, readServedPack } from '../../helpers/open-cluster.ts';
import { serveHttp } from '../../unit/network/local-servers.ts';
import { runCli, runJson } from './run-cli.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

it('a language model is added with a yes, tried, and writes a blend', { timeout: 240_000 }, async () => {
  const answer = JSON.stringify({ aPlusB: 'A fox in deep snow.', bPlusA: 'A deer on a road.' });
  const { listener } = modelServer((response, number) => writeChat(response, number === 0 ? '{"colour":"white"}' : answer));
  const address = `${await serveHttp(listener)}/v1`;
  const add = ['connections', 'add', 'mine', '--address', address, '--model', 'small', '--allow'];
  const added = await runJson(add, { home }, connectionsOutputSchema);
  expect(added.connections).toMatchObject([{ id: 'mine', address, model: 'small', allowed: true, secret: null }]);
  expect(await runJson(['connections', 'test', 'mine'], { home }, connectionTestOutputSchema)).toMatchObject({
    structured: true,
  });
  const blend = ['blend', 'text:a fox on a road', 'text:a deer in deep snow', '--writer', 'mine'];
  const written = await runJson(blend, { home }, blendOutputSchema);
  expect(written).toMatchObject({ writer: 'mine', aPlusB: { text: 'A fox in deep snow.' }, warnings: [] });
});

it('servers that run models are added with a yes for each, and a picture is read on them', { timeout: 240_000 }, async () => {
  const { graphs } = await readServedPack();
  const servers = [new KserveServer({ graphs, binary: true }), new KserveServer({ graphs, binary: false })];
  const [first, second] = await Promise.all(servers.map((server) => server.start()));
  const addresses = [first?.address ?? '', second?.address ?? ''];
  const add = ['connections', 'add', 'rack', '--kind', 'kserve', '--address', ...addresses, '--allow'];
  const added = await runJson(add, { home }, connectionsOutputSchema);
  const [address, ...moreAddresses] = addresses;
  expect(added.connections.find(({ id }) => id === 'rack')).toMatchObject({ address, moreAddresses, allowed: true });
  const encode = ['encode', join(packFolder, 'samples', '4-cat.png'), '--length', '15', '--device', 'remote:rack'];
  const { images } = await runJson(encode, { home }, encodeOutputSchema);
  expect(images[0]?.text).toContain('cat');
  expect(servers.reduce((sum, { done }) => sum + done, 0)).toBeGreaterThanOrEqual(3);
  const unknown = await runCli([...encode.slice(0, -1), 'nowhere'], { home });
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('remote: with the name of a connection')]);
  await Promise.all(servers.map((server) => server.stop()));
});
