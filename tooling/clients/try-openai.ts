import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { z } from 'zod';
import { Host } from '../attacks/host.ts';

/**
 * `npm run try:openai`: OpenAI's own package for Node, fetched into a folder that is thrown away, lists the studio's models and lets it draw,
 * as in a program that knows nothing of the studio but an address and a key. Where npm cannot be reached it says so, and is no failure.
 */
const version = '7.59.0';
const run = promisify(execFile);

/** The program of somebody else. Its package reads the address and the key from the environment by itself. */
const program = `
import OpenAI from 'openai';
const client = new OpenAI({ maxRetries: 0 });
const models = [];
for await (const { id } of client.models.list()) models.push(id);
const { data, size } = await client.images.generate({ model: models[0], prompt: 'a large red apple on a blue sky', n: 2, size: '64x64', response_format: 'b64_json' });
const refused = await client.images.generate({ model: 'dall-e-3', prompt: 'a fox' }).then(
  () => null,
  (error) => ({ name: error.constructor.name, status: error.status, code: error.code }),
);
console.log(JSON.stringify({ models, size, pictures: data.map(({ b64_json }) => b64_json), refused }));
`;
const answerSchema = z.object({
  models: z.array(z.string()).min(1),
  size: z.literal('64x64'),
  pictures: z.array(z.base64()).length(2),
  refused: z.object({ name: z.literal('NotFoundError'), status: z.literal(404), code: z.literal('model_not_found') }),
});

/** False when the package could not be had; then it has been said why. */
async function install(folder: string): Promise<boolean> {
  const words = ['install', `openai@${version}`, '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
  try {
    await run('npm', words, { cwd: folder, shell: process.platform === 'win32' });
    return true;
  } catch (error) {
    const [why = ''] = /npm error code \S+|npm ERR! code \S+/.exec(error instanceof Error ? error.message : '') ?? [];
    console.log(`Skipped: npm could not bring openai ${version}. ${why}`.trim());
    return false;
  }
}

async function tryPackage(folder: string): Promise<void> {
  const host = await Host.start(join(folder, 'library'));
  try {
    const { secret } = await host.client.accessKeys.create({ name: 'openai', scope: 'draw' });
    const { stdout } = await run(process.execPath, ['program.mjs'], {
      cwd: folder,
      env: { ...process.env, OPENAI_BASE_URL: `${host.origin}/v1`, OPENAI_API_KEY: secret },
      maxBuffer: 1 << 26,
    });
    const { models, pictures } = answerSchema.parse(JSON.parse(stdout));
    for (const picture of pictures) {
      const { format, width, height } = await sharp(Buffer.from(picture, 'base64')).metadata();
      if (format !== 'png' || width !== 64 || height !== 64)
        throw new Error(`Not the picture that was asked for: ${format} ${width} × ${height}.`);
    }
    console.log(
      `openai ${version} lists ${models.join(', ')}, got ${pictures.length} pictures of 64 × 64, and was told in its own way of a model that is not here.`,
    );
  } finally {
    await host.close();
  }
}

const folder = await mkdtemp(join(tmpdir(), 'dediffusion-openai-'));
try {
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  await writeFile(join(folder, 'program.mjs'), program);
  if (await install(folder)) await tryPackage(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
