import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { serveStudio } from '../../../main/shell/server/serve-studio.ts';
import { openStudio } from '../../../main/studio.ts';
import { PACK_ID, hasPack } from '../../contract/open-test-studio.ts';

const page = new URL('../../../docs/guide/api.md', import.meta.url);
const run = promisify(execFile);
const hasShell = await run('bash', ['-c', 'curl --version && base64 --version']).then(
  () => true,
  () => false,
);

it.skipIf(!hasPack || !hasShell)('the commands of docs/guide/api.md do what the page says', async () => {
  const commands = [...(await readFile(page, 'utf8')).matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = '']) => text);
  expect(commands.length).toBeGreaterThan(5);
  const folder = await mkdtemp(join(tmpdir(), 'dediffusion-api-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const studio = await openStudio({ ephemeral: true, device: 'cpu' });
  onTestFinished(() => studio.close());
  const server = await serveStudio({ studio, port: 0 });
  onTestFinished(() => server.close());
  const { secret } = await studio.client.accessKeys.create({ name: 'docs', scope: 'draw' });
  await copyFile((await studio.locateSample(PACK_ID, 'samples/1-pig.png')).path, join(folder, 'scene.png'));
  await run('bash', ['-euo', 'pipefail', '-c', commands.join('\n')], {
    cwd: folder,
    env: { ...process.env, STUDIO: server.origin, KEY: secret },
  });

  const readJson = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(folder, name), 'utf8'));
  expect(await readJson('picture.json')).toMatchObject({ kind: 'picture', title: 'my scene' });
  expect(await readJson('done.json')).toMatchObject({ state: 'done' });
  expect(await readJson('text.json')).toMatchObject({ kind: 'prompt', text: expect.stringContaining('pig') as string });
  expect(await readFile(join(folder, 'events.txt'), 'utf8')).toMatch(/^event: message\ndata: \{"type":"hello"/m);
  expect(await readFile(join(folder, 'same.png'))).toEqual(await readFile(join(folder, 'scene.png')));
  expect(await sharp(join(folder, 'apple.png')).metadata()).toMatchObject({ format: 'png', width: 128 });
  const { info } = z.object({ info: z.string() }).parse(await readJson('webui.json'));
  expect(JSON.parse(info)).toMatchObject({ seed: 7, steps: 10, sampler_name: 'DPM++ 2M' });
  expect(await readJson('caption.json')).toEqual({ caption: expect.stringMatching(/\w/) as string });
});
