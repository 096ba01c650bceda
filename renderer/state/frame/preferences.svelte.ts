import { z } from 'zod';
import { connectionIdSchema } from '../../../contract/outside/connection.ts';
import { promptDialectSchema } from '../../../contract/texts/dialect.ts';
import type { StudioError } from '../../../contract/errors.ts';
import { sha256Schema } from '../../../contract/identity.ts';
import { emphasisSchema, schedulerNameSchema } from '../../../contract/recipe.ts';
import { readRecord, writeRecord } from '../../../contract/record.ts';
import type { RecordKind } from '../../../contract/record.ts';
import type { BrowserStore } from '../core/browser-store.ts';
import { besideNewer, findNewer } from '../core/find-newer.ts';

const preferencesKey = 'dediffusion.preferences.1';

/** What one page and its workspaces remember, by name; a new name is no new version, another meaning of an old one is. */
const preferencesRecord: RecordKind<Readonly<Record<string, unknown>>> = {
  name: 'preferences',
  version: 1,
  schema: z.record(z.string(), z.unknown()),
  steps: [],
};

export const compareModes = ['side-by-side', 'slider', 'difference', 'one'] as const;
export type CompareMode = (typeof compareModes)[number];
/** Differences as heat with a scale, or as the Difference blend of other tools. */
export const differenceLooks = ['heat', 'blend'] as const;
export type DifferenceLook = (typeof differenceLooks)[number];
/** What can stand in the dock. */
export const dockPanels = [
  'draw',
  'read',
  'word',
  'kinds',
  'find',
  'ask',
  'polish',
  'values',
  'solve',
  'hear',
  'compare',
  'copy',
  'facts',
  'history',
] as const;
export type DockPanel = (typeof dockPanels)[number];

/** Settings of a drawing under a name. Null takes the pack's own value. */
export const presetSchema = z.object({
  name: z.string().min(1).max(40),
  steps: z.number().int().min(1).max(200).nullable(),
  guidance: z.number().min(0).max(30).nullable(),
  scheduler: schedulerNameSchema.nullable(),
  width: z.number().int().min(8).max(4096).nullable(),
  height: z.number().int().min(8).max(4096).nullable(),
});
export type Preset = z.infer<typeof presetSchema>;

const preferencesSchema = z.object({
  place: z.string().catch('studio'),
  /** Keys the person gave, by command id; null takes a command's keys away. */
  shortcuts: z.record(z.string(), z.string().nullable()).catch({}),
  theme: z.enum(['system', 'dark', 'light']).catch('system'),
  /** `system`: as it asks for. */
  contrast: z.enum(['system', 'more']).catch('system'),
  motion: z.enum(['system', 'reduce']).catch('system'),
  /** A BCP 47 tag, or `system`. */
  language: z.string().catch('system'),
  compareMode: z.enum(compareModes).catch('side-by-side'),
  differenceLook: z.enum(differenceLooks).catch('heat'),
  attention: z.boolean().catch(true),
  /** Every word carries its mark; otherwise only unsure and hand-written ones do. */
  marks: z.boolean().catch(false),
  /** Sensitive words are pointed out as names and brands are. */
  sensitiveHints: z.boolean().catch(false),
  /** A long text is shown by what its words speak of. */
  groups: z.boolean().catch(true),
  /** Draws a picture as soon as its text has been read. */
  drawAfterReading: z.boolean().catch(true),
  /** Height of the words where they lie under the pictures, in CSS pixels. */
  wordsBand: z.number().catch(132),
  /** Width of the words where they stand beside the pictures, in CSS pixels. */
  wordsColumn: z.number().catch(480),
  /** What stands in the dock; null where it is closed. */
  dock: z.enum(dockPanels).nullable().catch(null),
  /** Side of the library's cells in CSS pixels; they grow until the row is full. */
  librarySide: z.number().min(112).max(320).catch(144),
  /** What was made from one original is one tile of the library. */
  libraryStacks: z.boolean().catch(true),
  /** A word has been changed once: what to try first need not be said any more. */
  hasEdited: z.boolean().catch(false),
  advancedOpen: z.boolean().catch(false),
  exportTarget: promptDialectSchema.catch('plain'),
  /** The number of tokens last worked with. */
  length: z.number().int().positive().nullable().catch(null),
  /** Null takes the pack's own value. */
  steps: z.number().int().min(1).max(200).nullable().catch(null),
  guidance: z.number().min(0).max(30).nullable().catch(null),
  scheduler: schedulerNameSchema.nullable().catch(null),
  negative: z.string().nullable().catch(null),
  guidanceRescale: z.number().min(0).max(1).nullable().catch(null),
  secondPrompt: z.string().max(100_000).nullable().catch(null),
  clipSkip: z.number().int().min(0).max(12).nullable().catch(null),
  emphasis: emphasisSchema.nullable().catch(null),
  count: z.number().int().min(1).max(16).catch(1),
  /** Null rolls a fresh seed each time. */
  seed: z.number().int().min(0).nullable().catch(null),
  /** Null draws at the pack's own size. */
  width: z.number().int().min(8).max(4096).nullable().catch(null),
  height: z.number().int().min(8).max(4096).nullable().catch(null),
  /** The connection that draws; null for the pack here. */
  drawWith: connectionIdSchema.nullable().catch(null),
  presets: z.array(presetSchema).max(40).catch([]),
  /** Which picture a drawing starts from, where it does not start from noise. */
  initFrom: z.enum(['original', 'shown', 'library']).catch('original'),
  /** The picture chosen in the library to start from. */
  initPicture: z.object({ sha256: sha256Schema, title: z.string() }).nullable().catch(null),
  /** How far the start picture is changed, 0..1; null starts from noise. */
  initStrength: z.number().min(0).max(1).nullable().catch(null),
});
export type PreferenceValues = z.infer<typeof preferencesSchema>;

/** Values of one schema, remembered beside those of others. */
export class RememberedValues<Values extends object> {
  #values: Values;
  readonly #remember: (change: Partial<Values>) => void;

  constructor(values: Values, remember: (change: Partial<Values>) => void) {
    this.#values = $state.raw(values);
    this.#remember = remember;
  }

  get values(): Values {
    return this.#values;
  }

  /** Holds from now on, also where the browser does not keep it for the next time. */
  set(change: Partial<Values>): void {
    this.#values = { ...this.#values, ...change };
    this.#remember(change);
  }
}

/** What a person set and expects to find again. Unreadable values fall back one by one, never all together. */
export class Preferences {
  /** All that lies in the store, also what no schema has asked for yet. */
  #kept: Readonly<Record<string, unknown>> = {};
  readonly #own: RememberedValues<PreferenceValues>;
  readonly #store: BrowserStore;
  readonly #key: string;
  /** Why what lies in the store is neither read nor written over: a later studio left it. Null where there is nothing like that. */
  readonly newer: StudioError | null;

  constructor(store: BrowserStore) {
    this.#store = store;
    this.newer = findNewer(preferencesRecord, store.read(preferencesKey));
    this.#key = this.newer === null ? preferencesKey : besideNewer(preferencesKey);
    const text = store.read(this.#key);
    if (text !== null) this.#kept = parse(text);
    this.#own = this.of(preferencesSchema);
  }

  get values(): PreferenceValues {
    return this.#own.values;
  }

  set(change: Partial<PreferenceValues>): void {
    this.#own.set(change);
  }

  /**
   * What one workspace remembers, by a schema of its own. Names are shared by all, so they begin with the workspace's;
   * every value needs something to fall back on (`catch`).
   */
  of<Values extends object>(schema: z.ZodType<Values>): RememberedValues<Values> {
    const values = schema.parse(this.#kept);
    this.#kept = { ...this.#kept, ...values };
    return new RememberedValues(values, (change) => {
      this.#kept = { ...this.#kept, ...change };
      this.#store.write(this.#key, JSON.stringify(writeRecord(preferencesRecord, this.#kept)));
    });
  }
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return readRecord(preferencesRecord, JSON.parse(text));
  } catch {
    return {};
  }
}
