import type { ChosenCount } from '../../state/library/count-chosen.ts';
import { list, say } from '../../language/say.ts';

/** "3 pictures and 2 texts"; what there is none of is not named. */
export function describeCount({ pictures, texts }: Pick<ChosenCount, 'pictures' | 'texts'>): string {
  return list([
    ...(pictures === 0 ? [] : [say('library.count.pictures', { count: pictures })]),
    ...(texts === 0 ? [] : [say('library.count.texts', { count: texts })]),
  ]);
}
