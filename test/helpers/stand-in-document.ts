import type { PromptDocument, PromptEdit, Slot } from '../../contract/prompt.ts';

export const standInWords = [
  'a',
  'red',
  'fox',
  'in',
  'deep',
  'snow',
  'under',
  'a',
  'pale',
  'blue',
  'sky',
  'soft',
  'light',
  'flat',
  'style',
];
const grid = { rows: 8, columns: 8 };

export function standInSlot(index: number, text: string, changes: Partial<Slot> = {}): Slot {
  const attention = Array.from({ length: 64 }, (_, patch) => (patch === (index * 9) % 64 ? 0.37 : 0.01));
  const probability = 0.95 - (index % 5) * 0.15;
  return {
    id: `s${index + 1}`,
    tokenId: 100 + index,
    text,
    endsWord: true,
    origin: 'imageA',
    exact: true,
    probability,
    position: index,
    alternatives: [
      { tokenId: 100 + index, text, probability },
      { tokenId: 500 + index, text: `${text}y`, probability: (1 - probability) * 0.6 },
      { tokenId: 700 + index, text: 'wolf', probability: (1 - probability) * 0.2 },
    ],
    attention,
    weight: 1,
    locked: false,
    muted: false,
    ...changes,
  };
}

export function standInDocument(length: number, imageSha256: string): PromptDocument {
  const slots = Array.from({ length }, (_, index) => standInSlot(index, standInWords[index % standInWords.length] ?? 'a'));
  return { schemaVersion: 1, id: `doc-${length}`, packId: 'stand-in', length, imageSha256, patchGrid: grid, slots };
}

export function renderText(slots: readonly Slot[]): string {
  return slots
    .filter((slot) => !slot.muted)
    .map((slot) => slot.text)
    .join(' ');
}

/** Edits by whole words: what the page needs to see, without a tokenizer. */
export function applyEdit(document: PromptDocument, edit: PromptEdit): PromptDocument {
  const mapped = (ids: readonly string[], change: (slot: Slot) => Slot): Slot[] =>
    document.slots.map((slot) => (ids.includes(slot.id) ? change(slot) : slot));
  switch (edit.type) {
    case 'set-text': {
      const words = edit.text.split(/\s+/).filter((word) => word !== '');
      const rest = document.slots.filter((slot) => !slot.muted);
      const hand = (word: string, index: number): Slot =>
        standInSlot(index, word, {
          id: `h${index}${word}`.slice(0, 60),
          tokenId: 9000 + word.length * 50 + index,
          origin: 'hand',
          exact: false,
          probability: null,
          position: null,
          alternatives: [],
          attention: null,
        });
      const slots = words.map((word, index) => {
        const kept = rest.find((slot) => slot.text === word);
        if (kept !== undefined) rest.splice(rest.indexOf(kept), 1);
        return kept ?? hand(word, index);
      });
      return { ...document, slots: [...slots, ...document.slots.filter((slot) => slot.muted)] };
    }
    case 'choose-alternative':
      return {
        ...document,
        slots: mapped([edit.slotId], (slot) => ({
          ...slot,
          ...slot.alternatives.find((one) => one.tokenId === edit.tokenId),
          exact: false,
        })),
      };
    case 'delete':
      return { ...document, slots: document.slots.filter((slot) => !edit.slotIds.includes(slot.id)) };
    case 'lock':
      return { ...document, slots: mapped(edit.slotIds, (slot) => ({ ...slot, locked: edit.locked })) };
    case 'mute':
      return { ...document, slots: mapped(edit.slotIds, (slot) => ({ ...slot, muted: edit.muted })) };
    case 'weigh':
      return { ...document, slots: mapped(edit.slotIds, (slot) => ({ ...slot, weight: edit.weight })) };
    case 'step-weight':
      return {
        ...document,
        slots: mapped(edit.slotIds, (slot) => ({ ...slot, weight: Math.round((slot.weight + edit.steps * 0.05) * 100) / 100 })),
      };
    case 'move': {
      const moved = document.slots.filter((slot) => edit.slotIds.includes(slot.id));
      const staying = document.slots.filter((slot) => !edit.slotIds.includes(slot.id));
      return { ...document, slots: [...staying.slice(0, edit.toIndex), ...moved, ...staying.slice(edit.toIndex)] };
    }
    case 'take-heard':
      return { ...document, slots: edit.heard.slots };
  }
}
