import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { expect, test } from 'vitest';
import { originOf, readingOf } from '../../../contract/texts/prompt.ts';
import { alternativesAt, attentionAt, attentionOne } from '../../../contract/texts/reading.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { makeTemporaryFolder } from './make-temporary-folder.ts';

const frozen = fileURLToPath(new URL('../../fixtures/records/1/library', import.meta.url));
const olderSchema = z.object({
  id: z.string(),
  kind: z.string(),
  prompt: z
    .object({
      slots: z.array(
        z.looseObject({
          tokenId: z.number(),
          probability: z.number().nullable(),
          alternatives: z.array(z.unknown()),
          attention: z.array(z.number()).nullable(),
        }),
      ),
    })
    .optional(),
});
const older = readdirSync(join(frozen, 'items'))
  .map((name) => olderSchema.parse(JSON.parse(readFileSync(join(frozen, 'items', name), 'utf8'))))
  .filter(({ kind }) => kind === 'prompt');

test('texts of version 1 open, and what was read in their pictures becomes readings', async () => {
  const folder = makeTemporaryFolder();
  cpSync(frozen, folder, { recursive: true });
  const library = openLibrary({ folder, clock: Date.now });
  expect(library.countItems()).toBe(8);
  expect(older.length).toBeGreaterThan(2);
  for (const { id, prompt } of older) {
    const item = library.getItem(id);
    if (item.kind !== 'prompt' || prompt === undefined) throw new Error('a text that is none');
    expect(item.prompt.schemaVersion).toBe(2);
    expect(item.prompt.slots.map(({ tokenId, probability }) => [tokenId, probability])).toEqual(
      prompt.slots.map(({ tokenId, probability }) => [tokenId, probability]),
    );
    for (const [at, slot] of item.prompt.slots.entries()) {
      expect(originOf(item.prompt, slot)).toBe('imageA');
      const place = readingOf(item.prompt, slot);
      const reading = await library.readings.read(place?.sha256 ?? '');
      expect(alternativesAt(reading, place?.position ?? -1)).toEqual(prompt.slots[at]?.alternatives);
      const shares = [...(attentionAt(reading, place?.position ?? -1) ?? [])];
      expect(shares.map((share) => Math.round((share / attentionOne) * 1e5) / 1e5)).toEqual(prompt.slots[at]?.attention);
    }
  }
  const [first] = older;
  await library.updateItem(first?.id ?? '', { starred: true });
  const kept = readFileSync(join(folder, 'items', `${first?.id}.json`), 'utf8');
  expect(kept).toContain('"schemaVersion":2');
  expect(kept).not.toContain('alternatives');
  await library.close();
});
