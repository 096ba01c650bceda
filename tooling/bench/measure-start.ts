import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { judge, median } from './bench-row.ts';
import type { BenchRow } from './bench-row.ts';
import { readUrl } from './read-url.ts';

const root = resolve(import.meta.dirname, '../..');

/** From the start of the script behind `npm start` to a page whose studio answers. */
async function startMs(home: string): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, ['tooling/start/start.mjs', '--browser', '--no-open', '--port', '0'], {
    cwd: root,
    env: { ...process.env, DEDIFFUSION_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolveEnd) => child.once('exit', () => resolveEnd()));
  try {
    const url = await readUrl(child.stdout);
    const opened = await fetch(url, { redirect: 'manual' });
    const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
    const origin = new URL(url).origin;
    const page = await fetch(origin, { headers: { cookie } });
    const script = /src="([^"]+\.js)"/.exec(await page.text())?.[1];
    if (script === undefined) throw new Error('The page has no script.');
    await (await fetch(new URL(script, origin), { headers: { cookie } })).arrayBuffer();
    const info = await fetch(`${origin}/rpc/studio/info`, {
      method: 'POST',
      headers: { cookie, origin, 'content-type': 'application/json' },
      body: '{}',
    });
    if (!info.ok) throw new Error(`The studio answered ${info.status}.`);
    return performance.now() - started;
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

export async function measureStart(): Promise<BenchRow> {
  const home = await mkdtemp(join(tmpdir(), 'bench-start-'));
  try {
    const times: number[] = [];
    for (let run = 0; run < 3; run += 1) times.push(await startMs(home));
    return judge({ name: 'npm start to a usable page', unit: 'ms', atMost: 3000 }, median(times));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
