import type { PromptDocument } from '../../contract/texts/prompt.ts';
import type { TextHint } from '../../contract/texts/text-help.ts';
import { visibleWords } from '../../contract/texts/words.ts';
import type { VisibleWord } from '../../contract/texts/words.ts';
import { namedThings, pairedNames } from './named-things.ts';
import type { NamedThing } from './named-things.ts';

/** Words that tell of writing in a picture. */
const writing = new Set(
  'font fonts text texts lettering letters slogan caption signage typography written handwriting inscription'.split(' '),
);
/** What some people do not want to send to others; nothing here is judged. */
const sensitive = new Set(
  'nude naked blood bloody gore corpse suicide drugs weapon weapons gun guns rifle terrorist slave torture'.split(' '),
);

const plain = (text: string): string => text.toLowerCase().replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');

/** Shorter names end plain words as well: a sheldrake is no singer. */
const shortestGluedName = 6;

/** A plural or a genitive of a name names it as well. */
function findName(word: string): NamedThing | null {
  return namedThings.get(word) ?? namedThings.get(word.replace(/['’]?s$/u, '')) ?? null;
}

/** Readers glue tokens together: `osrupert` ends in a token that is a name of its own. */
function findGluedName(slots: PromptDocument['slots'], { slotIndices }: VisibleWord): NamedThing | null {
  const last = slots[slotIndices.at(-1) ?? -1]?.text.toLowerCase() ?? '';
  return slotIndices.length > 1 && last.length >= shortestGluedName ? (namedThings.get(last) ?? null) : null;
}

/** Names, brands and what people made up, writing that cannot be read, and, when asked for, sensitive words; in the order of the text. */
export function findHints({ slots }: PromptDocument, options: { readonly sensitive: boolean }): TextHint[] {
  const all = visibleWords(slots);
  const hints: TextHint[] = [];
  for (let at = 0; at < all.length; at += 1) {
    const [one, next] = [all[at], all[at + 1]];
    if (one === undefined) break;
    const word = plain(one.text);
    const pair = next === undefined ? null : (pairedNames.get(`${word} ${plain(next.text)}`) ?? null);
    const words = pair === null || next === undefined ? [one] : [one, next];
    at += words.length - 1;
    const text = words.map((of) => of.text).join(' ');
    const slotIds = words.flatMap(({ slotIndices }) => slotIndices.flatMap((index) => slots[index]?.id ?? []));
    const named = pair ?? findName(word) ?? findGluedName(slots, one);
    if (named !== null) hints.push({ kind: named.kind, slotIds, text, neutral: named.neutral });
    else if (writing.has(word)) hints.push({ kind: 'writing', slotIds, text, neutral: null });
    else if (options.sensitive && sensitive.has(word)) hints.push({ kind: 'sensitive', slotIds, text, neutral: null });
  }
  return hints;
}
