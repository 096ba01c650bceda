import type { PromptDocument } from '../../contract/texts/prompt.ts';
import { StudioError } from '../../contract/errors.ts';

/**
 * The named slots as a set of ids.
 * @throws StudioError `not-found` when the document lacks one: the caller looks at an older version of it
 */
export function findSlots(document: PromptDocument, slotIds: readonly string[]): ReadonlySet<string> {
  const present = new Set(document.slots.map((slot) => slot.id));
  for (const slotId of slotIds) {
    if (present.has(slotId)) continue;
    throw new StudioError(
      'not-found',
      `The prompt has no token with the id ${slotId}.`,
      'The text changed in the meantime. Select the word again and repeat the edit.',
      { slotId },
    );
  }
  return new Set(slotIds);
}
