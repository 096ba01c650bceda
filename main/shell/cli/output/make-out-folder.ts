import { resolve } from 'node:path';
import { makeFolder } from '../../../files/make-folder.ts';

/** Makes the folder for results before any work is done, so that a wrong --out costs no time. */
export function makeOutFolder(folder: string): void {
  makeFolder(resolve(folder), 'Choose another --out.');
}
