import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionTestOutputSchema, connectionsOutputSchema } from '../../../main/shell/cli/commands/connections.ts';
import { toolOutputSchema } from '../../../main/shell/cli/commands/generate.ts';
import { ComfyuiServer } from '../../helpers/comfyui-server.ts';
import { serveHttp } from '../../unit/network/local-servers.ts';
import { failureOutputSchema } from './failure-output.ts';
import { runJson } from './run-cli.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

it('a tool is added, says what is wrong with it, and draws once it is allowed', { timeout: 480_000 }, async () => {
  const server = new ComfyuiServer();
  const address = await serveHttp(server.listener, server.upgrade);
  const add = (model: string, ...more: string[]) =>
    runJson(
      ['connections', 'add', 'paints', '--kind', 'comfyui', '--address', address, '--model', model, ...more],
      { home },
      connectionsOutputSchema,
    );
  await add('gone.safetensors', '--allow');
  const test = ['connections', 'test', 'paints'];
  const { error } = await runJson(test, { home }, failureOutputSchema, 1);
  expect(error).toMatchObject({
    code: 'tool-refused',
    message: expect.stringMatching(/has no model gone\.safetensors\.$/) as string,
  });

  const added = await add('small.safetensors', '--price-picture', '0.1', '--limit', '5');
  expect(added.connections).toMatchObject([{ id: 'paints', kind: 'comfyui', allowed: true, price: { picture: 0.1, limit: 5 } }]);
  expect(await runJson(test, { home }, connectionTestOutputSchema)).toMatchObject({ type: 'tool', program: 'ComfyUI 0.3.64' });

  const generate = ['generate', 'a red fox', '--with', 'paints', '--seed', '7', '--size', '64x64', '--out', 'drawn'];
  const drawn = await runJson(generate, { home }, toolOutputSchema);
  expect(drawn.files).toEqual([join('drawn', 'a-red-fox-7.png')]);
  expect(drawn).toMatchObject({ seeds: [7], recipe: { tool: 'comfyui', model: 'small.safetensors', text: 'a red fox' } });
  const { connections } = await runJson(['connections', 'list'], { home }, connectionsOutputSchema);
  expect(connections).toMatchObject([{ spent: { answers: 1, cost: 0.1 } }]);

  const text = '{"6":{"class_type":"CLIPTextEncode","inputs":{"text":"a boat"}}}';
  await writeFile(join(home, 'boats.json'), text);
  const own = ['boats', '--kind', 'comfyui', '--address', address, 'http://127.0.0.1:9'];
  const marked = ['--workflow', join(home, 'boats.json'), '--mark', 'prompt=6.text', 'negative='];
  const both = await runJson(['connections', 'add', ...own, ...marked], { home }, connectionsOutputSchema);
  expect(both.connections[1]).toMatchObject({
    ...{ model: 'boats.json', moreAddresses: ['http://127.0.0.1:9'], allowed: false },
    workflow: { text, marks: { prompt: [{ node: '6', input: 'text' }], negative: [] } },
  });
});
