import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { makeLargeJpeg, makeTextBomb } from './make-bombs.ts';

/**
 * `node tooling/picture-attacks/attack-pictures.ts [texts|large|junk …]`: sends a running host what once stopped it, and prints the
 * longest wait of a request that has nothing to do with it, and the host's peak of memory (Linux). Each attack gets a host of its own.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const serveSchema = z.object({ origin: z.string(), token: z.string() });

interface Host {
  readonly origin: string;
  readonly token: string;
  readonly processId: number;
  close(): Promise<void>;
}

async function startHost(): Promise<Host> {
  const home = await mkdtemp(join(tmpdir(), 'attack-pictures-'));
  const child = spawn(process.execPath, ['main/shell/cli/dediffusion.ts', 'serve', '--port', '0', '--json'], {
    cwd: root,
    env: { ...process.env, DEDIFFUSION_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const line of createInterface({ input: child.stdout })) {
    text += line;
    if (line === '}' || line.endsWith('"}')) break;
  }
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    await rm(home, { recursive: true, force: true });
  };
  return { ...serveSchema.parse(JSON.parse(text)), processId: child.pid ?? 0, close };
}

/** @returns milliseconds, and what the host answered */
async function send(host: Host, path: string, body: AsyncIterable<Uint8Array> | null): Promise<{ ms: number; answer: string }> {
  const startMs = performance.now();
  const headers = { authorization: `Bearer ${host.token}` };
  const answer = await new Promise<string>((resolve, reject) => {
    const sending = request(`${host.origin}${path}`, { method: body === null ? 'GET' : 'POST', headers, agent: false });
    sending.once('error', reject);
    sending.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => resolve(`${response.statusCode} ${Buffer.concat(chunks).toString().slice(0, 160)}`));
    });
    void (async () => {
      for await (const chunk of body ?? [])
        if (!sending.write(chunk)) await new Promise((drained) => sending.once('drain', drained));
      sending.end();
    })();
  });
  return { ms: performance.now() - startMs, answer };
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 1 << 20) {
    yield bytes.subarray(start, start + (1 << 20));
    await wait(0);
  }
}

async function* junk(bytes: number): AsyncGenerator<Uint8Array> {
  const chunk = new Uint8Array(1 << 20).fill(7);
  for (let sent = 0; sent < bytes; sent += chunk.length) {
    yield chunk;
    await wait(0);
  }
}

async function readPeakMegabytes(processId: number): Promise<number> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 'NaN') / 1024);
}

async function attack(name: string, bodies: readonly (() => AsyncIterable<Uint8Array>)[]): Promise<void> {
  const host = await startHost();
  await send(host, '/', null);
  const before = await readPeakMegabytes(host.processId);
  let [longestMs, asked] = [0, 0];
  let attacking = true;
  const asking = (async () => {
    while (attacking) {
      longestMs = Math.max(longestMs, (await send(host, '/', null)).ms);
      asked += 1;
      await wait(20);
    }
  })();
  const sent = await Promise.all(bodies.map((body) => send(host, '/images', body())));
  attacking = false;
  await asking;
  const peak = await readPeakMegabytes(host.processId);
  console.log(
    `${name}: longest wait ${Math.round(longestMs)} ms of ${asked} requests; peak of the host ${peak} MB, ${before} MB before`,
  );
  for (const { ms, answer } of sent) console.log(`  ${Math.round(ms)} ms: ${answer}`);
  await host.close();
}

const attacks: Record<string, () => Promise<void>> = {
  texts: async () => {
    const bombs = await Promise.all([1, 2, 3, 4].map((number) => makeTextBomb(number)));
    await attack(
      'four PNGs with 200 packed texts',
      bombs.map((bytes) => () => chunksOf(bytes)),
    );
  },
  large: async () => {
    const bytes = await makeLargeJpeg();
    await attack(
      'eight JPEGs of 149 megapixels',
      [1, 2, 3, 4, 5, 6, 7, 8].map((number) => () => chunksOf(Buffer.concat([bytes, Buffer.from([number])]))),
    );
  },
  junk: () =>
    attack(
      'twelve uploads of 200 MB',
      Array.from({ length: 12 }, () => () => junk(200 * 1024 * 1024)),
    ),
};

const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(attacks)) if (wanted.length === 0 || wanted.includes(name)) await run();
