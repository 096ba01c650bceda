import type { PromptDocument } from '../../contract/prompt.ts';

/**
 * Gives slots that were read from a picture their candidates and attention back, from the same picture read again: a stored
 * job keeps its text without them, because they are most of its bytes.
 */
export function restoreReadings(document: PromptDocument, fresh: PromptDocument): PromptDocument {
  const readings = new Map(fresh.slots.map((slot) => [slot.position, slot]));
  const slots = document.slots.map((slot) => {
    const reading = slot.position === null ? undefined : readings.get(slot.position);
    if (reading === undefined || slot.alternatives.length > 0) return slot;
    return { ...slot, alternatives: reading.alternatives, attention: reading.attention };
  });
  return { ...document, patchGrid: document.patchGrid ?? fresh.patchGrid, slots };
}
