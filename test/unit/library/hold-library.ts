/** Opens the library named on the command line and holds it until killed. */
import { openLibrary } from '../../../main/library/open-library.ts';

const [, , folder = ''] = process.argv;
openLibrary({ folder, clock: Date.now });
process.stdout.write('held\n');
setInterval(() => undefined, 60_000);
