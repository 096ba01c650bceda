/**
 * Opens the studio of the folder named on the command line, goes on with the matrix of the job named there for as long as it lives, and tells
 * how many of its blends are drawn at every change of the library.
 */
import { writeSync } from 'node:fs';
import { openStudio } from '../../main/studio.ts';

const STDOUT = 1;
const [, , dataFolder = '', jobId = ''] = process.argv;
const { client } = await openStudio({ dataFolder, device: 'cpu' });
for await (const event of await client.studio.events()) {
  if (event.type !== 'hello' && event.type !== 'library-changed') continue;
  const { cells } = await client.matrices.get({ jobId });
  writeSync(STDOUT, `${cells.filter(({ picture }) => picture !== null).length}\n`);
}
