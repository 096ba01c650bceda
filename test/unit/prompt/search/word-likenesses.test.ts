import { expect, it } from 'vitest';
import { WordLikenesses } from '../../../../main/prompt/search/word-likenesses.ts';

const unit = (angle: number): number[] => [Math.cos(angle), Math.sin(angle)];
const angles = [0, 0.3, 0.9, 1.4, 3];
const table = { tokenIds: Int32Array.of(10, 11, 12, 13, 14), width: 2, vectors: Float32Array.from(angles.flatMap(unit)) };
const likenesses = new WordLikenesses(table, [...table.tokenIds]);

/** What the method says of itself, word by word; 99 is like none but itself, and then not known to be. */
function repetition(text: readonly number[]): number {
  const angleOf = (id: number): number | undefined => angles[table.tokenIds.indexOf(id)];
  const likeness = (a: number, b: number): number => {
    const [one, other] = [angleOf(a), angleOf(b)];
    return one === undefined || other === undefined ? 0 : Math.max(0, Math.cos(one - other));
  };
  const nearest = text.map((id, at) =>
    Math.max(0, ...text.flatMap((other, place) => (place === at ? [] : [likeness(id, other)]))),
  );
  return nearest.reduce((sum, one) => sum + one, 0) / Math.max(1, text.length);
}

it('says of each word tried at a place, or after the last, how much the whole text then says twice', () => {
  const text = [10, 12, 12, 99, 14];
  const tried = [10, 11, 12, 13, 14, 99];
  for (const place of [0, 2, 4, 5]) {
    const found = likenesses.repetitionsAt(text, place, tried);
    for (const [at, tokenId] of tried.entries()) {
      const whole = place === text.length ? [...text, tokenId] : text.with(place, tokenId);
      expect(found[at]).toBeCloseTo(repetition(whole), 5);
    }
  }
  expect(likenesses.repetitionsAt([], 0, [])).toHaveLength(0);
});
