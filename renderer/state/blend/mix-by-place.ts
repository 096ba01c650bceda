import { listSource } from '../../../contract/texts/prompt.ts';
import type { PromptDocument, Slot, TokenSource } from '../../../contract/texts/prompt.ts';
import type { Mix, SideKey } from './blend-state.ts';

/** A place of two texts with the same places: what each says there. */
export interface MixPlace {
  readonly number: number;
  readonly a: readonly Slot[];
  readonly b: readonly Slot[];
  /** Both say the same there. */
  readonly isSame: boolean;
  /** How much surer B’s reader was of its word than A’s, −1..1. */
  readonly lean: number;
}

const textOf = (slots: readonly Slot[]): string => slots.map(({ text }) => text).join('');
const surenessOf = (slots: readonly Slot[]): number =>
  slots.length === 0 ? 0 : slots.reduce((sum, { probability }) => sum + (probability ?? 0), 0) / slots.length;

/**
 * The places of two texts that one reader read at one number of tokens, each ending where both end a word; null for texts whose places have
 * nothing to do with each other, also where an edit moved them.
 */
export function placesOf(a: PromptDocument, b: PromptDocument): readonly MixPlace[] | null {
  if (a.packId !== b.packId || a.length === null || a.length !== b.length || a.slots.length !== b.slots.length) return null;
  const places: MixPlace[] = [];
  let from = 0;
  a.slots.forEach((slot, at) => {
    const isLast = at === a.slots.length - 1;
    if (!isLast && !(slot.endsWord && b.slots[at]?.endsWord === true)) return;
    const [ofA, ofB] = [a.slots.slice(from, at + 1), b.slots.slice(from, at + 1)];
    const lean = surenessOf(ofB) - surenessOf(ofA);
    places.push({ number: places.length, a: ofA, b: ofB, isSame: textOf(ofA) === textOf(ofB), lean });
    from = at + 1;
  });
  return places;
}

/** Which side every place says: as chosen by hand, else as many of B as the share asks for, those first that B is surest of. */
export function sidesOf(places: readonly MixPlace[], { share, byHand }: Mix): readonly SideKey[] {
  const differing = places.filter(({ isSame }) => !isSame).toSorted((one, other) => other.lean - one.lean);
  const ofB = new Set(differing.slice(0, Math.round(share * differing.length)).map(({ number }) => number));
  return places.map(({ number }) => byHand[String(number)] ?? (ofB.has(number) ? 'b' : 'a'));
}

/** The text that says at each place what the chosen side says there, with its exact tokens. */
export function mixByPlace(a: PromptDocument, b: PromptDocument, places: readonly MixPlace[], mix: Mix): PromptDocument {
  let sources: TokenSource[] = [];
  const slots: Slot[] = [];
  const chosen = sidesOf(places, mix);
  places.forEach((place, at) => {
    const side = chosen[at] ?? 'a';
    const document = side === 'a' ? a : b;
    for (const slot of place[side]) {
      const source = document.sources[slot.source];
      if (source === undefined) continue;
      const listed = listSource(sources, source);
      sources = listed.sources;
      slots.push({ ...slot, id: `s${slots.length + 1}`, source: listed.index });
    }
  });
  return { ...a, length: null, sources, slots };
}
