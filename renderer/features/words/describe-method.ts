import { guidesOf } from '../../../contract/texts/prompt.ts';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import { say } from '../../language/say.ts';

/** How a text was read: the language models that saw, the scorers that guided, and those that judged. */
export function describeMethod(document: PromptDocument): string {
  const readings = document.sources.filter((source) => source.type === 'reading');
  const listed = (names: readonly string[]): string => [...new Set(names)].join(', ');
  const models = listed(readings.flatMap(({ model }) => model ?? []));
  const guides = listed(guidesOf(document));
  const judges = listed(readings.flatMap(({ judge }) => judge ?? []));
  return [
    say('readers.method.about', { models }).trim(),
    ...(guides === '' ? [] : [say('readers.guides', { models: guides })]),
    ...(judges === '' ? [] : [say('readers.judges', { models: judges })]),
  ].join(' ');
}
