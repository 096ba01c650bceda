/** Opens the studio of the folder named on the command line, works on its jobs for as long as it lives, and tells the step of the one in hand at every change. */
import { writeSync } from 'node:fs';
import { openStudio } from '../../main/studio.ts';

const STDOUT = 1;
const [, , dataFolder = ''] = process.argv;
const { client } = await openStudio({ dataFolder, device: 'cpu' });
for await (const event of await client.studio.events())
  if (event.type === 'job-changed') writeSync(STDOUT, `${event.job.progress.step}\n`);
