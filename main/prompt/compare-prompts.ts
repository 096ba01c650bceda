import type { ComparedToken, PromptComparison, PromptDocument } from '../../contract/texts/prompt.ts';
import { diffWords } from './diff-words.ts';

/**
 * Lays two texts side by side, token by token: the longest common run of tokens is kept, and a token that is gone at one
 * place and new at another has moved. Tokens are the same when their ids are, so both documents must be of one vocabulary.
 * Muted slots take no part.
 */
export function comparePrompts(before: PromptDocument, after: PromptDocument): PromptComparison {
  const old = visibleIndices(before);
  const fresh = visibleIndices(after);
  const idsOf = (document: PromptDocument, indices: readonly number[]): number[] =>
    indices.map((index) => document.slots[index]?.tokenId ?? -1);
  const changes = diffWords(idsOf(before, old), idsOf(after, fresh));
  const gone = changes.flatMap((change) => old.slice(change.fromOld, change.toOld));
  const added = changes.flatMap((change) => fresh.slice(change.fromNew, change.toNew));
  const movedFrom = pairMoved(before, gone, after, added);
  const hasMoved = new Set(movedFrom.values());

  const pair = (oldIndex: number, newIndex: number): ComparedToken => {
    const isSame = before.slots[oldIndex]?.weight === after.slots[newIndex]?.weight;
    return { before: oldIndex, after: newIndex, change: isSame ? 'kept' : 'reweighted' };
  };
  const tokens: ComparedToken[] = [];
  let done = 0;
  for (const change of [...changes, { fromOld: old.length, toOld: old.length, fromNew: fresh.length, toNew: fresh.length }]) {
    const common = old.slice(done, change.fromOld);
    const beside = fresh.slice(change.fromNew - common.length, change.fromNew);
    common.forEach((index, offset) => tokens.push(pair(index, beside[offset] ?? -1)));
    for (const index of old.slice(change.fromOld, change.toOld)) {
      if (!hasMoved.has(index)) tokens.push({ before: index, after: null, change: 'removed' });
    }
    for (const index of fresh.slice(change.fromNew, change.toNew)) {
      const from = movedFrom.get(index) ?? null;
      tokens.push({ before: from, after: index, change: from === null ? 'inserted' : 'moved' });
    }
    done = change.toOld;
  }
  return { tokens, counts: count(tokens) };
}

function visibleIndices({ slots }: PromptDocument): number[] {
  return slots.flatMap((slot, index) => (slot.muted ? [] : [index]));
}

/** New place → old place of the tokens that only moved: first the very slots that did, then equal tokens in order. */
function pairMoved(
  before: PromptDocument,
  gone: readonly number[],
  after: PromptDocument,
  added: readonly number[],
): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  const left = new Set(gone);
  const asSlot = ({ slots }: PromptDocument, index: number): string => `${slots[index]?.tokenId} ${slots[index]?.id}`;
  const asToken = ({ slots }: PromptDocument, index: number): string => `${slots[index]?.tokenId}`;
  for (const keyOf of [asSlot, asToken]) {
    const waiting = new Map<string, number[]>();
    for (const from of left) {
      const key = keyOf(before, from);
      const others = waiting.get(key);
      if (others) others.push(from);
      else waiting.set(key, [from]);
    }
    // Taken from the end, which costs nothing.
    for (const places of waiting.values()) places.reverse();
    for (const index of added) {
      const from = pairs.has(index) ? undefined : waiting.get(keyOf(after, index))?.pop();
      if (from === undefined) continue;
      pairs.set(index, from);
      left.delete(from);
    }
  }
  return pairs;
}

function count(tokens: readonly ComparedToken[]): PromptComparison['counts'] {
  const counts = { kept: 0, removed: 0, inserted: 0, moved: 0, reweighted: 0 };
  for (const { change } of tokens) counts[change] += 1;
  return counts;
}
