import type { ReaderOption } from '../../../state/text/readers/reader-options.ts';
import { say } from '../../../language/say.ts';

/** What a reader is called: an own one by what it does, a language model by its connection and its name. */
export function nameOfReader({ own, seer }: ReaderOption): string {
  return own === null ? say('readers.seer', { name: seer ?? '' }) : say(`readers.own.${own}`);
}
