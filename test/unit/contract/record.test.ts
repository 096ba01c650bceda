import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readRecord, versionOf } from '../../../contract/record.ts';
import type { RecordKind } from '../../../contract/record.ts';

const note: RecordKind<{ schemaVersion: 3; words: string[]; colour: string }> = {
  name: 'note',
  version: 3,
  schema: z.object({ schemaVersion: z.literal(3), words: z.array(z.string()), colour: z.string() }),
  steps: [
    (older) => ({ ...(older as { text: string }), schemaVersion: 2, words: (older as { text: string }).text.split(' ') }),
    (older) => ({ ...(older as object), schemaVersion: 3, colour: 'grey' }),
  ],
};

describe('a record that can grow', () => {
  it('goes through every step from the version it has', () => {
    const today = { schemaVersion: 3, words: ['red', 'pig'], colour: 'grey' };
    expect(readRecord(note, { text: 'red pig' })).toEqual(today);
    expect(readRecord(note, { schemaVersion: 2, words: ['red', 'pig'] })).toEqual(today);
    expect(readRecord(note, { ...today, colour: 'blue' })).toEqual({ ...today, colour: 'blue' });
  });

  it('is told as newer, not as damaged, when a later studio wrote it', () => {
    expect(() => readRecord(note, { schemaVersion: 4, anything: true })).toThrow(
      expect.objectContaining({ code: 'record-newer', details: { found: 4, known: 3 } }),
    );
  });

  it('is refused when it is something else', () => {
    expect(() => readRecord(note, { schemaVersion: 3, words: 'red' })).toThrow(z.ZodError);
    expect(() => readRecord(note, 'red')).toThrow(z.ZodError);
  });

  it('has the first version where none is written', () => {
    expect([versionOf({}), versionOf({ schemaVersion: 2 }), versionOf(7), versionOf({ schemaVersion: 'x' })]).toEqual([
      1,
      2,
      null,
      null,
    ]);
  });
});
