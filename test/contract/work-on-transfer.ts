/**
 * Opens the studio of the folder named on the command line, goes on with its transfers for as long as it lives, and tells how many
 * pictures there are at every change.
 */
import { writeSync } from 'node:fs';
import { openStudio } from '../../main/studio.ts';

const STDOUT = 1;
const [, , dataFolder = ''] = process.argv;
const { client } = await openStudio({ dataFolder, device: 'cpu' });
for await (const event of await client.studio.events()) {
  if (event.type !== 'hello' && event.type !== 'transfer-changed') continue;
  const [transfer] = await client.transfers.list();
  writeSync(STDOUT, `${transfer?.counts.done ?? 0}\n`);
}
