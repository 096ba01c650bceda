/**
 * Writes to the library named on the command line for as long as it lives, and tells on stdout what was acknowledged:
 * a line `<item id> <sha256 or -> <title>` after each write. The first line says that writing begins. With a second
 * argument it writes once and ends by itself.
 */
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openLibrary } from '../../../main/library/open-library.ts';
import { inheritedRandom } from '../../helpers/inherited-random.ts';
import { samplePicture, samplePrompt } from './sample-items.ts';

const STDOUT = 1;
const [, , folder = '', once = ''] = process.argv;
const random = inheritedRandom();
const library = openLibrary({ folder, clock: Date.now });
writeSync(STDOUT, 'ready\n');
do {
  const name = randomBytes(6).toString('hex');
  const bytes = randomBytes(200 + Math.floor(random() * 60_000));
  const prompt = library
    .addPrompt(samplePrompt(`text of ${name}`))
    .then(({ id, title }) => writeSync(STDOUT, `${id} - ${title}\n`));
  const { id, image } = await library.addPicture(samplePicture(name, bytes));
  writeSync(STDOUT, `${id} ${image.sha256} ${name}\n`);
  await library.updateItems({ itemIds: [id], change: { starred: true } });
  const { title } = await library.updateItem(id, { title: `${name}-renamed`, starred: true });
  writeSync(STDOUT, `${id} ${image.sha256} ${title}\n`);
  await prompt;
} while (once === '');
await library.close();
