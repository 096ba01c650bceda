import { z } from 'zod';
import { promptDocumentKind } from '../../contract/prompt.ts';
import { readingsFromVersion1 } from '../../contract/prompt-version-1.ts';
import { encodeReading } from '../../contract/reading.ts';
import { readRecord, versionOf } from '../../contract/record.ts';
import type { ReadingStore } from './reading-store.ts';

const promptItemSchema = z.looseObject({ kind: z.literal('prompt'), prompt: z.unknown() });

/**
 * A stored item in today's form. A text of version 1 carried what was read in its picture itself; that is stored as a reading,
 * which the upgraded text names.
 *
 * @param readings Null where only the item's facts are wanted, as for the index: its readings then have no name.
 * @throws z.ZodError, StudioError record-newer; what storing a reading throws
 */
export function upgradeItem(stored: unknown, readings: ReadingStore | null): unknown {
  const item = promptItemSchema.safeParse(stored).data;
  if (item === undefined || versionOf(item.prompt) === promptDocumentKind.version) return stored;
  const prompt = readRecord(promptDocumentKind, item.prompt);
  if (readings === null || versionOf(item.prompt) !== 1) return { ...item, prompt };
  const named = new Map([...readingsFromVersion1(item.prompt)].map(([at, one]) => [at, readings.addNow(encodeReading(one))]));
  const sources = prompt.sources.map((source, at) =>
    source.type === 'reading' ? { ...source, sha256: named.get(at) ?? null } : source,
  );
  return { ...item, prompt: { ...prompt, sources } };
}
