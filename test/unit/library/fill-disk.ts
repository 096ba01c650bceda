/**
 * Adds to the library named on the command line until something fails, then says what was kept and what failed, as one
 * JSON document. Run under a limit on file size, which stands for a disk that takes no more.
 */
import { randomBytes } from 'node:crypto';
import { StudioError } from '../../../contract/errors.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { samplePicture, samplePrompt } from './sample-items.ts';

const [, , folder = '', kind = ''] = process.argv;
const library = openLibrary({ folder, clock: Date.now });
const kept: string[] = [];
try {
  for (let i = 0; i < 5000; i += 1) {
    const size = kind === 'picture' && i === 3 ? 2_000_000 : 100;
    const item =
      kind === 'picture'
        ? await library.addPicture(samplePicture(`Picture ${i}`, randomBytes(size)))
        : await library.addPrompt(samplePrompt(`text ${i} ${randomBytes(400).toString('hex')}`));
    kept.push(item.id);
  }
} catch (cause) {
  const body = cause instanceof StudioError ? cause.toBody() : { code: 'unexpected', message: String(cause) };
  process.stdout.write(JSON.stringify({ kept, body, listed: library.countItems() }));
}
await library.close();
