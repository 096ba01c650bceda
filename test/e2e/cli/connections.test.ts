import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blendOutputSchema } from '../../../main/shell/cli/commands/blend.ts';
import { connectionTestOutputSchema, connectionsOutputSchema } from '../../../main/shell/cli/commands/connections.ts';
import { modelServer, writeChat } from '../../helpers/model-server.ts';
import { serveHttp } from '../../unit/network/local-servers.ts';
import { runJson } from './run-cli.ts';

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
