import { readingOf } from '../../contract/prompt.ts';
import type { PromptDocument } from '../../contract/prompt.ts';
import { alternativesAt } from '../../contract/reading.ts';
import type { Alternative } from '../../contract/reading.ts';
import type { Library } from '../library/library.ts';

/** What was read at a slot's place, the chosen token first; null where this library has no reading of it. */
export async function findCandidates(library: Library, document: PromptDocument, slotId: string): Promise<Alternative[] | null> {
  const slot = document.slots.find(({ id }) => id === slotId);
  const place = slot === undefined ? null : readingOf(document, slot);
  if (place === null || !library.readings.has(place.sha256)) return null;
  return alternativesAt(await library.readings.read(place.sha256), place.position);
}
