import type { PromptDocument } from '../../contract/texts/prompt.ts';
import type { TextHint } from '../../contract/texts/text-help.ts';
import { visibleWords } from '../../contract/texts/words.ts';
import { namedThings } from './named-things.ts';

/** Words that tell of writing in a picture. */
const writing = new Set(
  'font fonts text texts lettering letters slogan caption signage typography written handwriting inscription'.split(' '),
);
/** What some people do not want to send to others; nothing here is judged. */
const sensitive = new Set(
  'nude naked blood bloody gore corpse suicide drugs weapon weapons gun guns rifle terrorist slave torture'.split(' '),
);

const plain = (text: string): string => text.toLowerCase().replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');

/** A plural or a genitive of a name names it as well. */
function findName(word: string) {
  return namedThings.get(word) ?? namedThings.get(word.replace(/['’]?s$/u, ''));
}

/** Names, brands and what people made up, writing that cannot be read, and, when asked for, sensitive words; in the order of the text. */
export function findHints(document: PromptDocument, options: { readonly sensitive: boolean }): TextHint[] {
  return visibleWords(document.slots).flatMap(({ text, slotIndices }): TextHint[] => {
    const word = plain(text);
    const named = findName(word);
    const slotIds = slotIndices.flatMap((index) => document.slots[index]?.id ?? []);
    if (named !== undefined) return [{ kind: named.kind, slotIds, text, neutral: named.neutral }];
    if (writing.has(word)) return [{ kind: 'writing', slotIds, text, neutral: null }];
    return options.sensitive && sensitive.has(word) ? [{ kind: 'sensitive', slotIds, text, neutral: null }] : [];
  });
}
