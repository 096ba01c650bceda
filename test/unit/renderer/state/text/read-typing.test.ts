import { describe, expect, it } from 'vitest';
import { readTyping } from '../../../../../renderer/state/text/read-typing.ts';
import { makeSlot } from '../../../../helpers/make-slot.ts';

const slots = [makeSlot(0, 'red'), makeSlot(1, 'big', { muted: true }), makeSlot(2, 'fox')];

describe('readTyping', () => {
  it('passes a text without muted words on as it is', () => {
    const plain = [makeSlot(0, 'red')];
    expect(readTyping('red', 'red fox', plain)).toEqual({ text: 'red fox', touchedMutedIds: [] });
  });

  it('leaves muted words out, before and behind what was typed', () => {
    expect(readTyping('red big fox', 'red big fox runs', slots).text).toBe('red fox runs');
    expect(readTyping('red big fox', 'a red big fox', slots).text).toBe('a red fox');
  });

  it('takes a muted word that was changed for a word again', () => {
    expect(readTyping('red big fox', 'red bigger fox', slots)).toEqual({ text: 'red bigger fox', touchedMutedIds: ['s2'] });
  });

  it('says which muted word was removed', () => {
    expect(readTyping('red big fox', 'red fox', slots)).toEqual({ text: 'red fox', touchedMutedIds: ['s2'] });
  });

  it('keeps two halves of a word together when the muted piece between them goes', () => {
    const halves = [
      makeSlot(0, 'sun', { endsWord: false }),
      makeSlot(1, 'ny', { muted: true, endsWord: false }),
      makeSlot(2, 'day'),
    ];
    expect(readTyping('sunnyday', 'sunnyday now', halves).text).toBe('sunday now');
  });
});
