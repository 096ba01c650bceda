import type { ComparedToken, PromptComparison, PromptDocument, Slot } from '../../../../contract/texts/prompt.ts';
import { fixed } from '../../../language/say.ts';

/** A run of tokens that fared alike, as text to be read. */
export interface DiffPiece {
  readonly change: ComparedToken['change'];
  readonly text: string;
  /** "×1.00 → ×1.25" where the weight changed. */
  readonly weights: string | null;
  readonly spaceAfter: boolean;
}

/** Two texts as one running text: tokens that follow each other and fared alike are one piece. */
export function diffPieces(before: PromptDocument, after: PromptDocument, { tokens }: PromptComparison): DiffPiece[] {
  const pieces: DiffPiece[] = [];
  for (const { before: from, after: to, change } of tokens) {
    const old = from === null ? undefined : before.slots[from];
    const slot: Slot | undefined = to === null ? old : after.slots[to];
    if (slot === undefined) continue;
    const weights =
      old !== undefined && to !== null && old.weight !== slot.weight
        ? `×${fixed(old.weight, 2)} → ×${fixed(slot.weight, 2)}`
        : null;
    const last = pieces.at(-1);
    if (last?.change === change && last.weights === weights) {
      const text = last.text + (last.spaceAfter ? ' ' : '') + slot.text;
      pieces.splice(-1, 1, { ...last, text, spaceAfter: slot.endsWord });
    } else pieces.push({ change, text: slot.text, weights, spaceAfter: slot.endsWord });
  }
  return pieces;
}
