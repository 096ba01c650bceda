import type { RuleAnswer } from './answer-question.ts';
import { blendParts } from './blend-parts.ts';
import type { BlendOptions } from './blend-parts.ts';
import type { BlendSide } from './check-blend.ts';
import type { WordKind } from './word-kind.ts';
import { textOf } from './sentence.ts';

/** What tells nothing by itself. */
const silent: ReadonlySet<WordKind> = new Set(['filler', 'relation', 'verb', 'adverb', 'abstract']);
const mostTags = 30;

const nothing: RuleAnswer = { answer: 'The text says nothing of the picture.', isTold: false, evidence: [] };

/** A sentence of what the text says, nothing twice; with a capital and a full stop where it stands in place of the picture. */
function describe({ parts, words }: BlendSide, options: BlendOptions, isAlt: boolean): RuleAnswer {
  const own = { parts, side: 'a' } as const;
  const said = blendParts(own, own, options);
  const told = new Set(said.flatMap(({ index }) => (index === null ? [] : [index])));
  const text = textOf(said);
  if (told.size === 0) return nothing;
  const answer = isAlt ? `${text.charAt(0).toUpperCase()}${text.slice(1)}.` : text;
  return { answer, isTold: true, evidence: words.filter(({ index }) => told.has(index)) };
}

/** What the text says of the picture as a caption, as tags for a search, or as a text in place of the picture. */
export function describeText(side: BlendSide, want: 'caption' | 'tags' | 'alt', options: BlendOptions): RuleAnswer {
  if (want !== 'tags') return describe(side, options, want === 'alt');
  const telling = side.words.filter(({ kind }) => !silent.has(kind));
  const evidence = telling.filter((word, at) => telling.findIndex(({ base }) => base === word.base) === at).slice(0, mostTags);
  return evidence.length === 0 ? nothing : { answer: evidence.map(({ base }) => base).join(', '), isTold: true, evidence };
}
