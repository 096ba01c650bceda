import { readingsFromVersion1, upgradePromptVersion1 } from '../../contract/texts/prompt-version-1.ts';
import { promptDocumentRecord } from '../../contract/texts/prompt.ts';
import type { PromptDocument } from '../../contract/texts/prompt.ts';
import { encodeReading } from '../../contract/texts/reading.ts';
import type { RecordGrowth } from '../../contract/record.ts';

/**
 * The records that an item or a job holds, for reading it where nothing may be lost: a text of version 1 carried what was read in its
 * picture itself, which becomes a reading that the upgraded text names.
 *
 * The steps throw z.ZodError for a text that is none, and what `name` throws.
 *
 * @param name takes the bytes of a reading (contract/texts/reading.ts), stores them where that is wanted, and gives their sha256
 */
export function nameOlderReadings(
  records: ReadonlyMap<string, RecordGrowth>,
  name: (bytes: Uint8Array) => string,
): ReadonlyMap<string, RecordGrowth> {
  const text = { ...promptDocumentRecord, steps: [(older: unknown) => upgradeText(older, name)] };
  return new Map([...records].map(([property, kind]) => [property, kind === promptDocumentRecord ? text : kind]));
}

function upgradeText(older: unknown, name: (bytes: Uint8Array) => string): PromptDocument {
  const prompt = upgradePromptVersion1(older);
  const names = new Map([...readingsFromVersion1(older)].map(([at, reading]) => [at, name(encodeReading(reading))]));
  const sources = prompt.sources.map((source, at) =>
    source.type === 'reading' ? { ...source, sha256: names.get(at) ?? null } : source,
  );
  return { ...prompt, sources };
}
