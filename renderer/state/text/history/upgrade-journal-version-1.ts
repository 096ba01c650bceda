import { z } from 'zod';
import { upgradePromptVersion1 } from '../../../../contract/texts/prompt-version-1.ts';

const slotSchema = z.looseObject({ id: z.string(), heavy: z.number().int(), origin: z.string() });
const documentSchema = z.looseObject({ slots: z.array(slotSchema) });
const stateSchema = z.looseObject({ versions: z.record(z.string(), z.looseObject({ document: documentSchema })) });
const heavySchema = z.looseObject({ alternatives: z.array(z.unknown()) });
const journalSchema = z.looseObject({
  heavy: z.array(heavySchema),
  entries: z.array(z.looseObject({ state: stateSchema })),
});
type Document = z.infer<typeof documentSchema>;
type Slot = z.infer<typeof slotSchema>;

/** Every token of all steps of one text that carried candidates, each once. */
interface Gathered {
  readonly facts: Omit<Document, 'slots'>;
  readonly slots: Map<string, Slot>;
  /** Which of the tokens heard in another picture a token is: they had no positions, and are counted in this order. */
  readonly heard: Map<string, number>;
}

/**
 * The first journals kept candidates and attention beside the texts, once for all steps. The steps become light texts whose readings
 * have no name yet; what was kept beside them becomes one document of version 1 a text, `unstored`, which the core
 * makes a reading of when it is given it.
 *
 * @throws z.ZodError for what is no journal of version 1
 */
export function upgradeJournalVersion1(older: unknown): unknown {
  const { heavy, entries, ...rest } = journalSchema.parse(older);
  const gathered = new Map<string, Gathered>();
  const light = entries.map((entry) => {
    const versions = Object.entries(entry.state.versions).map(([key, version]) => {
      const texts = gather(gathered, version.document, heavy);
      return [key, { ...version, document: lighten(version.document, texts) }] as const;
    });
    return { ...entry, state: { ...entry.state, versions: Object.fromEntries(versions) } };
  });
  const unstored = [...gathered.values()].flatMap(({ facts, slots }) => {
    const filled = [...slots.values()].map((slot, index) => ({ ...slot, ...heavy[slot.heavy], id: `s${index + 1}` }));
    return filled.length === 0 ? [] : [{ ...facts, slots: filled }];
  });
  return { ...rest, schemaVersion: 2, entries: light, unstored };
}

const keyOf = (slot: Slot): string => JSON.stringify([slot.origin, slot['position'], slot.heavy]);

function gather(all: Map<string, Gathered>, { slots, ...facts }: Document, heavy: z.infer<typeof heavySchema>[]): Gathered {
  const key = JSON.stringify([facts['packId'], facts['imageSha256'], facts['length'], facts['patchGrid']]);
  const texts = all.get(key) ?? { facts, slots: new Map<string, Slot>(), heard: new Map<string, number>() };
  all.set(key, texts);
  for (const slot of slots) {
    if ((heavy[slot.heavy]?.alternatives.length ?? 0) === 0 || texts.slots.has(keyOf(slot))) continue;
    texts.slots.set(keyOf(slot), slot);
    if (slot.origin === 'imageB') texts.heard.set(keyOf(slot), texts.heard.size);
  }
  return texts;
}

function lighten(document: Document, { heard }: Gathered): unknown {
  const today = upgradePromptVersion1(document);
  const slots = today.slots.map((slot, index) => {
    const older = document.slots[index];
    return older?.origin === 'imageB' ? { ...slot, position: heard.get(keyOf(older)) ?? null } : slot;
  });
  return { ...today, slots };
}
