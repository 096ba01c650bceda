/**
 * Opens the studio of the folder named on the command line, goes on with its batches for as long as it lives, and tells of
 * every change: `<done rows> <state>`.
 */
import { writeSync } from 'node:fs';
import { openStudio } from '../../main/studio.ts';

const STDOUT = 1;
const [, , dataFolder = ''] = process.argv;
const studio = await openStudio({ dataFolder, device: 'cpu' });
for await (const event of await studio.client.studio.events()) {
  if (event.type === 'batch-changed') writeSync(STDOUT, `${event.batch.counts.done} ${event.batch.state}\n`);
}
