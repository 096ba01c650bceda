import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLibrary } from '../../../main/library/open-library.ts';
import { makeTemporaryFolder } from './make-temporary-folder.ts';

const refusal: unknown = expect.objectContaining({
  code: 'library-in-use',
  hint: expect.stringContaining('Close the other') as string,
});

test('a second host is refused with a hint, and let in when the first has closed', async () => {
  const folder = makeTemporaryFolder();
  const first = openLibrary({ folder, clock: Date.now });
  expect(() => openLibrary({ folder, clock: Date.now })).toThrow(refusal);
  await first.close();
  await openLibrary({ folder, clock: Date.now }).close();
});

test('a host in another process holds the library until it dies, by whatever death', async () => {
  const folder = makeTemporaryFolder();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'hold-library.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  expect(() => openLibrary({ folder, clock: Date.now })).toThrow(refusal);
  const guest = openLibrary({ folder, readOnly: true, clock: Date.now });
  expect(guest.countItems()).toBe(0);
  await guest.close();
  child.kill('SIGKILL');
  await once(child, 'exit');
  await openLibrary({ folder, clock: Date.now }).close();
});
