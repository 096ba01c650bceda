import { readingsFromVersion1, upgradePromptVersion1 } from '../../contract/prompt-version-1.ts';
import { promptDocumentRecord } from '../../contract/prompt.ts';
import type { PromptDocument } from '../../contract/prompt.ts';
import { encodeReading } from '../../contract/reading.ts';
import type { RecordGrowth } from '../../contract/record.ts';
import type { ReadingStore } from './reading-store.ts';

/**
 * The records that an item or a job holds, for reading it where nothing may be lost: a text of version 1 carried what was read in its
 * picture itself, which is stored as a reading that the upgraded text names.
 *
 * The steps throw z.ZodError for a text that is none, and what storing a reading throws.
 */
export function storeOlderReadings(
  records: ReadonlyMap<string, RecordGrowth>,
  readings: ReadingStore,
): ReadonlyMap<string, RecordGrowth> {
  const text = { ...promptDocumentRecord, steps: [(older: unknown) => upgradeText(older, readings)] };
  return new Map([...records].map(([name, kind]) => [name, kind === promptDocumentRecord ? text : kind]));
}

function upgradeText(older: unknown, readings: ReadingStore): PromptDocument {
  const prompt = upgradePromptVersion1(older);
  const names = new Map([...readingsFromVersion1(older)].map(([at, reading]) => [at, readings.addNow(encodeReading(reading))]));
  const sources = prompt.sources.map((source, at) =>
    source.type === 'reading' ? { ...source, sha256: names.get(at) ?? null } : source,
  );
  return { ...prompt, sources };
}
