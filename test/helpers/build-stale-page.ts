import { resolve } from 'node:path';
import { buildPageWhenStale } from '../../tooling/start/build-page-when-stale.ts';

/** Before the first spec of a run: what specs look at is the page of these sources, also after a pull. */
export async function setup(): Promise<void> {
  await buildPageWhenStale(resolve(import.meta.dirname, '../..'), (line) => process.stderr.write(`${line}\n`));
}
