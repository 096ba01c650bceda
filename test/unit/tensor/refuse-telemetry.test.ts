import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const SESSION = new URL('../../../main/tensor/onnx-session.ts', import.meta.url).href;
const GRAPH = fileURLToPath(new URL('../../../main/engine/probe.onnx', import.meta.url));

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'dediffusion-telemetry-'));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

it('keeps ONNX Runtime from leaving an id, a log or a cache anywhere', async () => {
  const script = `
    const { openOnnxSession } = await import(${JSON.stringify(SESSION)});
    const session = await openOnnxSession(${JSON.stringify(GRAPH)}, { device: 'cpu' });
    await session.release();`;
  // The runtime keeps quiet by itself where it sees a build server, so those signs are not handed on.
  const { PATH } = process.env;
  const environment = { PATH, HOME: scratch, TMPDIR: scratch, XDG_CACHE_HOME: join(scratch, 'cache') };
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { env: environment });
  expect(await readdir(scratch)).toEqual([]);
});
