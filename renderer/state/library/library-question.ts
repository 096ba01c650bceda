import type { LibraryFilter, LibraryOrder, LibraryRowsQuery, SimilarTo } from '../../../contract/library.ts';
import { listTimeSpans } from './time-spans.ts';
import type { TimeSpan } from './time-spans.ts';

/** Which part of the library is looked at: one entry of the list at the side. */
export type LibrarySection =
  | { readonly type: 'all' }
  | { readonly type: 'starred' }
  | { readonly type: 'trash' }
  | { readonly type: 'board'; readonly id: string };

export const librarySpans = ['any', 'today', 'week', 'month'] as const;
export type LibrarySpan = (typeof librarySpans)[number];

/** What a person compares with, and how it is called on screen. */
export interface LibraryLikeness {
  readonly to: SimilarTo;
  readonly label: string;
  /** The picture it is, where it is one. */
  readonly sha256: string | null;
}

/** Everything that decides what the grid shows. */
export interface LibraryQuestion {
  readonly section: LibrarySection;
  readonly text: string;
  readonly likeness: LibraryLikeness | null;
  readonly kinds: LibraryFilter['kinds'];
  readonly packId: string | null;
  readonly span: LibrarySpan;
  readonly order: LibraryOrder;
  /** What was made from one original is one row. */
  readonly stacked: boolean;
  /** The stack that was opened: only what lies in it is shown. */
  readonly stack: OpenedStack | null;
}

export interface OpenedStack {
  readonly id: string;
  /** How it is called on screen. */
  readonly name: string;
}

export const firstQuestion: LibraryQuestion = {
  section: { type: 'all' },
  text: '',
  likeness: null,
  kinds: [],
  packId: null,
  span: 'any',
  order: 'newest',
  stacked: true,
  stack: null,
};

const dayMs = 86_400_000;
const spanDays: Readonly<Record<LibrarySpan, number | null>> = { any: null, today: 1, week: 7, month: 30 };

/** The beginning of a span of days that ends today, by the person's own midnight. */
export function spanStartMs(span: LibrarySpan, nowMs: number): number | null {
  const days = spanDays[span];
  if (days === null) return null;
  const midnight = new Date(nowMs).setHours(0, 0, 0, 0);
  return new Date(midnight - (days - 1) * dayMs).setHours(0, 0, 0, 0);
}

/** Texts and pictures are never compared in one list: texts are where they alone are asked for. */
export function comparesTexts({ likeness, kinds }: Pick<LibraryQuestion, 'likeness' | 'kinds'>): boolean {
  return likeness !== null && kinds.length === 1 && kinds[0] === 'prompt';
}

/** The question as the core's filter. */
export function toFilter(question: LibraryQuestion, nowMs: number): LibraryFilter {
  const { section, text, kinds, packId, span, stack } = question;
  const from = spanStartMs(span, nowMs);
  return {
    text: text.slice(0, 1000),
    kinds: [...kinds],
    trashed: section.type === 'trash',
    ...(section.type === 'starred' ? { starred: true } : {}),
    ...(section.type === 'board' ? { boardId: section.id } : {}),
    ...(stack === null ? {} : { stackId: stack.id }),
    ...(packId === null ? {} : { packId }),
    ...(from === null ? {} : { createdFromMs: from }),
  };
}

/** The spans of time that rows are shown in; none where their order is not that of time. */
export function spansOf({ order, likeness }: LibraryQuestion, nowMs: number): readonly TimeSpan[] {
  return likeness === null && (order === 'newest' || order === 'oldest') ? listTimeSpans(nowMs) : [];
}

/** Whether a row may stand for a whole stack. What is like something is compared one by one, and an opened stack is spread out. */
export function showsStacks({ stacked, stack, likeness }: LibraryQuestion): boolean {
  return stacked && stack === null && likeness === null;
}

export function toRowsQuery(question: LibraryQuestion, nowMs: number): Omit<LibraryRowsQuery, 'offset' | 'limit'> {
  const moments = spansOf(question, nowMs).flatMap(({ fromMs }) => fromMs ?? []);
  return { ...toFilter(question, nowMs), order: question.order, stacked: showsStacks(question), moments };
}

/** True when something besides the section leaves items out. */
export function isNarrowed({ text, likeness, kinds, packId, span }: LibraryQuestion): boolean {
  return text.trim() !== '' || likeness !== null || kinds.length > 0 || packId !== null || span !== 'any';
}
