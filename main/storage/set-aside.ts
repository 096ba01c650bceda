import { existsSync } from 'node:fs';
import { renamePatientlyNow } from '../files/rename-patiently.ts';

/** What SQLite keeps beside a database. */
const COMPANIONS = ['-wal', '-shm', '-journal'];

/**
 * Keeps a damaged file under another name, `<file>.damaged-<time>`, with what SQLite has beside it: nothing is thrown away.
 * Errors of the file system pass through.
 *
 * @param nowMs Milliseconds since the epoch.
 * @returns Where it lies now.
 */
export function setAside(file: string, nowMs: number): string {
  let aside = `${file}.damaged-${nowMs}`;
  for (let number = 2; existsSync(aside); number += 1) aside = `${file}.damaged-${nowMs}-${number}`;
  for (const suffix of ['', ...COMPANIONS]) if (existsSync(file + suffix)) renamePatientlyNow(file + suffix, aside + suffix);
  return aside;
}
