import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLibrary } from '../../../main/library/open-library.ts';
import { makeTemporaryFolder } from './make-temporary-folder.ts';

// `ulimit -f` counts blocks of 512 bytes in every POSIX shell: here about 1 MB. Beyond it the kernel answers EFBIG.
const LIMIT_BLOCKS = 2000;

interface Outcome {
  readonly kept: readonly string[];
  readonly listed: number;
  readonly body: { readonly code: string; readonly hint: string };
}

function fillDisk(folder: string, kind: 'picture' | 'prompt'): Outcome {
  const script = join(import.meta.dirname, 'fill-disk.ts');
  const command = `ulimit -f ${LIMIT_BLOCKS} && exec "$0" "$@"`;
  const child = spawnSync('sh', ['-c', command, process.execPath, script, folder, kind], { encoding: 'utf8' });
  expect(child.stderr).toBe('');
  return JSON.parse(child.stdout) as Outcome;
}

test.skipIf(process.platform === 'win32').each(['picture', 'prompt'] as const)(
  'when the disk takes no more, a new %s fails as disk-full, and what was kept before is whole',
  (kind) => {
    const folder = makeTemporaryFolder();
    const { kept, listed, body } = fillDisk(folder, kind);
    expect(body).toMatchObject({ code: 'disk-full', hint: expect.stringContaining('Free some space') as string });
    expect(kept.length).toBeGreaterThanOrEqual(3);
    expect(listed).toBe(kept.length);

    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(files.filter((name) => /^images.[0-9a-f]{2}.[0-9a-f]{64}/.test(name))).toHaveLength(kind === 'picture' ? 3 : 0);
    const library = openLibrary({ folder, clock: Date.now });
    onTestFinished(() => library.close());
    expect(library.problems).toEqual([]);
    expect(library.countItems()).toBe(kept.length);
    for (const id of kept) expect(library.getItem(id).id).toBe(id);
  },
);
