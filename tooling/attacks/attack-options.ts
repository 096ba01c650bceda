import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

export interface AttackOptions {
  /** Of kills, requests, pictures or packs. */
  readonly count: number;
  readonly seed: number;
  /** What else stands on the command line. */
  readonly words: readonly string[];
  /** True after Ctrl+C: the attack ends after the round it is in, and still tells what it found. */
  readonly isStopped: () => boolean;
  /** Where the studio under attack keeps its data; removed when the process ends. */
  readonly dataFolder: string;
}

/** What every attack is told on its command line, `--count` and `--seed`, and where it works. */
export function readAttackOptions(count: number): AttackOptions {
  const options = { count: { type: 'string', default: String(count) }, seed: { type: 'string', default: '1' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  let stopped = false;
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => (stopped = true));
  const folder = mkdtempSync(join(tmpdir(), 'dediffusion-attack-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return {
    count: Number(values.count),
    seed: Number(values.seed),
    words: positionals,
    isStopped: () => stopped,
    dataFolder: join(folder, 'data'),
  };
}
