import { StateEffect, StateField } from '@codemirror/state';
import type { Extension, Range } from '@codemirror/state';
import { Decoration, EditorView } from '@codemirror/view';
import type { DecorationSet } from '@codemirror/view';
import type { Origin, Slot } from '../../../../contract/texts/prompt.ts';
import type { SlotRange } from '../../../state/text/prompt-text.ts';
import { fixed } from '../../../language/say.ts';

/** How tokens are shown. */
export interface TokenLooks {
  readonly ranges: readonly SlotRange[];
  readonly originOf: (slot: Slot) => Origin;
  /** First character that the chosen target would cut, or null. */
  readonly cutFrom: number | null;
  /** Slot id → −4..4: how much its word adds; empty while values are not shown. */
  readonly levels: ReadonlyMap<string, number>;
  /** Tokens that plain text would not give back. */
  readonly drifting: ReadonlySet<string>;
  /** Tokens of words that a person may want to look at: names, brands, writing. */
  readonly hinted: ReadonlySet<string>;
  /** Every word carries its mark, also those that a reader was sure of. */
  readonly allMarked: boolean;
}
export const setTokens = StateEffect.define<TokenLooks>();
/** Tokens to mark as pointed at, and how much tokens looked at the place pointed at. */
export const setMarks = StateEffect.define<{
  readonly ranges: readonly SlotRange[];
  readonly pointed: ReadonlySet<string>;
  readonly looked: ReadonlyMap<string, number>;
}>();

/** Below this probability, 0..1, a word is marked as unsure without being asked about. */
const sureEnough = 0.7;

function sureness(probability: number | null): string {
  return probability === null ? '' : ` sure-${Math.min(5, Math.floor(probability * 6))}`;
}

/** The words come first: what was surely read from the picture is plain text until one asks. */
function isMarked({ probability, exact, muted }: Slot, origin: Origin, allMarked: boolean): boolean {
  if (allMarked || origin !== 'imageA' || !exact) return true;
  return muted === true || (probability !== null && probability < sureEnough);
}

function valueClass(level: number | undefined): string | false {
  if (level === undefined || level === 0) return false;
  return level > 0 ? `adds-${level}` : `takes-${-level}`;
}

/** Where a token stands among its neighbours. */
interface TokenPlace {
  /** Without a space behind the one before: both are one word. */
  readonly joined: boolean;
  /** Its weight is written above it: once for each word, where the tokens of one weigh the same. */
  readonly weightShown: boolean;
  /** The next one's weight is written, too, and may not begin before this one's ends. */
  readonly weightFollows: boolean;
}

function placeOf(ranges: readonly SlotRange[], index: number): TokenPlace {
  const isJoined = (at: number): boolean => ranges[at - 1]?.to === ranges[at]?.from;
  const isShown = (at: number): boolean => {
    const weight = ranges[at]?.slot.weight ?? 1;
    return weight !== 1 && !(isJoined(at) && ranges[at - 1]?.slot.weight === weight);
  };
  const weightShown = isShown(index);
  return { joined: isJoined(index), weightShown, weightFollows: weightShown && isShown(index + 1) };
}

function tokenMark(
  range: SlotRange,
  { joined, weightShown, weightFollows }: TokenPlace,
  { cutFrom, levels, drifting, hinted, originOf, allMarked }: TokenLooks,
): Range<Decoration> {
  const { slot } = range;
  const origin = originOf(slot);
  const cut = cutFrom !== null && range.from >= cutFrom;
  const marks = [
    isMarked(slot, origin, allMarked) && 'marked',
    joined && 'joined',
    origin === 'imageA' && !slot.exact && 'changed',
    drifting.has(slot.id) && 'drifts',
    hinted.has(slot.id) && 'hinted',
    valueClass(levels.get(slot.id)),
    slot.muted && 'muted',
    slot.locked && 'locked',
    weightShown && 'weighed',
    weightFollows && 'weight-follows',
    cut && 'cut',
  ];
  return Decoration.mark({
    class: `token from-${origin}${sureness(slot.probability)} ${marks.filter((mark) => mark !== false).join(' ')}`,
    attributes: { 'data-slot': slot.id, ...(weightShown ? { 'data-weight': `×${fixed(slot.weight, 2)}` } : {}) },
  }).range(range.from, range.to);
}

function tokenSet(looks: TokenLooks, length: number): DecorationSet {
  const inside = looks.ranges.filter((range) => range.to <= length && range.from < range.to);
  return Decoration.set(inside.map((range, index) => tokenMark(range, placeOf(inside, index), looks)));
}

function markSet(
  effect: { ranges: readonly SlotRange[]; pointed: ReadonlySet<string>; looked: ReadonlyMap<string, number> },
  length: number,
): DecorationSet {
  const marks: Range<Decoration>[] = [];
  for (const { slot, from, to } of effect.ranges) {
    const level = effect.looked.get(slot.id);
    const pointed = effect.pointed.has(slot.id);
    if ((level === undefined && !pointed) || to > length) continue;
    const classes = `${pointed ? 'pointed' : ''}${level === undefined ? '' : ` looked-${level}`}`;
    marks.push(Decoration.mark({ class: classes }).range(from, to));
  }
  return Decoration.set(marks);
}

const tokenField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, transaction) {
    let next = set.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(setTokens)) next = tokenSet(effect.value, transaction.newDoc.length);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const markField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, transaction) {
    let next = set.map(transaction.changes);
    for (const effect of transaction.effects) if (effect.is(setMarks)) next = markSet(effect.value, transaction.newDoc.length);
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Tokens and marks are two layers, so that pointing at a word never redraws the others. */
export const tokenDecorations: Extension = [tokenField, markField];
