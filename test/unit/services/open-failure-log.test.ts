import { mkdtemp, readFile, rm, stat, truncate, mkdir, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFailureLog } from '../../../main/services/open-failure-log.ts';

let folder: string;
const path = () => join(folder, 'logs', 'studio.log');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dediffusion-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The log is written in the background; its lines once there are as many as expected. */
async function readLines(count: number): Promise<Record<string, string>[]> {
  for (;;) {
    const text = await readFile(path(), 'utf8').catch(() => '');
    const lines = text.split('\n').filter((line) => line !== '');
    if (lines.length >= count) return lines.map((line) => JSON.parse(line) as Record<string, string>);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('the log', () => {
  it('keeps a failure under its id: where it happened, and nothing private', async () => {
    const log = await openFailureLog(folder);
    const error = new Error(`ENOENT: no such file, open '${homedir()}/secret.png' in ${folder}/images`, {
      cause: new Error('prompt "a naked truth" failed'),
    });
    const logId = log.failure(error);
    log.note(`opened ${folder}`);
    log.close();
    const [failure, note] = await readLines(2);
    expect(failure).toMatchObject({ logId, kind: 'Error', msg: 'failure' });
    expect(failure?.['stack']).toContain('open-failure-log.test.ts');
    expect(note?.['msg']).toBe('opened ~');
    const written = await readFile(path(), 'utf8');
    for (const secret of ['secret.png', 'naked truth', folder, homedir()]) expect(written).not.toContain(secret);
  });

  it('takes nothing of a message nobody planned: no words, no line that looks like a frame, no name of a file', async () => {
    const log = await openFailureLog(folder);
    const words = 'her sister asleep\n    at the river (in her red coat:1:2)';
    log.failure(Object.assign(new TypeError(words, { cause: new Error(words) }), { code: 'EACCES' }));
    log.failure(words);
    log.close();
    const [failure] = await readLines(2);
    expect(failure).toMatchObject({ kind: 'TypeError', code: 'EACCES', cause: 'Error' });
    expect(failure?.['stack']).toContain('open-failure-log.test.ts');
    const written = await readFile(path(), 'utf8');
    for (const word of ['sister', 'asleep', 'river', 'coat']) expect(written).not.toContain(word);
  });

  it('keeps one old file when it has grown', async () => {
    await mkdir(join(folder, 'logs'));
    await writeFile(path(), 'old');
    await truncate(path(), 6_000_000);
    const log = await openFailureLog(folder);
    log.note('new');
    log.close();
    expect((await readLines(1))[0]?.['msg']).toBe('new');
    expect((await stat(`${path()}.1`)).size).toBe(6_000_000);
  });
});
