import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askOutputSchema } from '../../../main/shell/cli/commands/ask.ts';
import { blendOutputSchema } from '../../../main/shell/cli/commands/blend.ts';
import { connectionTestOutputSchema, connectionsOutputSchema } from '../../../main/shell/cli/commands/connections.ts';
import { encodeOutputSchema } from '../../../main/shell/cli/commands/encode.ts';
import { KserveServer } from '../../helpers/kserve-server.ts';
import { modelServer, writeChat } from '../../helpers/model-server.ts';
import { packFolder, readServedPack } from '../../helpers/open-cluster.ts';
import { serveHttp } from '../../unit/network/local-servers.ts';
import { failureOutputSchema } from './failure-output.ts';
import { runCli, runJson } from './run-cli.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

it('a language model is added with a yes, tried, and writes a blend', { timeout: 240_000 }, async () => {
  const answer = JSON.stringify({ aPlusB: 'A fox in deep snow.', bPlusA: 'A deer on a road.' });
  const { listener, heard } = modelServer((response, number) =>
    writeChat(response, number === 0 ? '{"colour":"white"}' : answer),
  );
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
  await runJson([...blend, '--template', 'blend@1', '--language', 'German'], { home }, blendOutputSchema);
  const asked = heard.at(-1)?.body['messages'] as { role: string; content: unknown }[];
  expect(asked.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user', 'assistant', 'user']);
  expect(JSON.stringify(asked[0])).toContain('tokens, in German.');
  const { length } = heard;
  const unknown = await runJson([...blend, '--template', 'nobody'], { home }, failureOutputSchema, 1);
  expect(unknown.error.code).toBe('not-found');
  expect(heard).toHaveLength(length);
});

it('what a language model costs is counted by every command, up to its limit', { timeout: 240_000 }, async () => {
  const { listener, heard } = modelServer((response) => writeChat(response, '{"answer":"red","words":["red"]}'));
  const address = `${await serveHttp(listener)}/v1`;
  const add = ['connections', 'add', 'dear', '--address', address, '--model', 'small', '--allow'];
  await runJson([...add, '--price-in', '1000', '--price-out', '5000', '--limit', '0.1'], { home }, connectionsOutputSchema);
  const ask = ['ask', 'text:a red robot', 'Which colour?', '--writer', 'dear'];
  expect(await runJson(ask, { home }, askOutputSchema)).toMatchObject({ answer: 'red', by: 'model' });
  const { connections } = await runJson(['connections', 'list'], { home }, connectionsOutputSchema);
  expect(connections.find(({ id }) => id === 'dear')?.spent).toMatchObject({ answers: 1, inputTokens: 90, outputTokens: 12 });
  expect((await runJson(ask, { home }, failureOutputSchema, 1)).error.code).toBe('writer-limited');
  expect(heard).toHaveLength(1);
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
