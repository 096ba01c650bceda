import { z } from 'zod';
import { StudioError } from './errors.ts';

/**
 * A kind of stored thing that can grow: every stored value carries `schemaVersion`, and a value of an older version goes through
 * one pure step a version until it is today's. The schema knows today's form only.
 * tldraw's store migrations are the model.
 */
export interface RecordKind<Value> {
  /** What a person would call it, such as "prompt document". */
  readonly name: string;
  /** Today's version, 1 or more. */
  readonly version: number;
  readonly schema: z.ZodType<Value>;
  /** Step i takes a value of version i + 1 to version i + 2; there are `version` − 1 of them. */
  readonly steps: readonly ((older: unknown) => unknown)[];
  /** Brings the records that one of these holds to their own forms of today; absent where it holds none. */
  readonly inside?: (value: unknown) => unknown;
}

/** What it takes to bring a value to today's form without checking it. */
export type RecordGrowth = Pick<RecordKind<unknown>, 'name' | 'version' | 'steps' | 'inside'>;

const versionedSchema = z.looseObject({ schemaVersion: z.number().int().positive().default(1) });

/** The version a stored value says it has; what was stored before versions were written is 1. Null for what is no record at all. */
export function versionOf(value: unknown): number | null {
  const parsed = versionedSchema.safeParse(value);
  return parsed.success ? parsed.data.schemaVersion : null;
}

/**
 * Brings a stored value to today's form without looking whether it has that form: whoever holds it checks the whole.
 *
 * @throws StudioError `record-newer` for a value of a later version than this program knows: it is left as it is, not damaged
 */
export function upgradeRecord(kind: RecordGrowth, value: unknown): unknown {
  const version = versionOf(value) ?? kind.version;
  if (version > kind.version) {
    throw new StudioError(
      'record-newer',
      `This ${kind.name} was written by a newer version of the studio.`,
      'Open it with that version, or update this one. It was left as it is.',
      { found: version, known: kind.version },
    );
  }
  const today = kind.steps.slice(version - 1).reduce((older, step) => step(older), value);
  return kind.inside === undefined ? today : kind.inside(today);
}

/**
 * Brings a stored value to today's form.
 *
 * @throws StudioError `record-newer` for a value of a later version than this program knows: it is left as it is, not damaged
 * @throws z.ZodError for a value that is not of this kind
 */
export function readRecord<Value>(kind: RecordKind<Value>, value: unknown): Value {
  return kind.schema.parse(upgradeRecord(kind, value));
}

/** The value as it is stored: with its version in front. */
export function writeRecord<Value extends object>(
  kind: RecordKind<Value>,
  value: Value,
): { readonly schemaVersion: number } & Value {
  return { schemaVersion: kind.version, ...value };
}

const objectSchema = z.record(z.string(), z.unknown());

/**
 * For `inside`: brings every property of these names to today's form, however deep it lies in the value. A record that was found is
 * not searched any further: it knows itself what it holds.
 */
export function upgradeNamed(value: unknown, kinds: ReadonlyMap<string, RecordGrowth>): unknown {
  if (Array.isArray(value)) return value.map((one) => upgradeNamed(one, kinds));
  const parsed = objectSchema.safeParse(value);
  if (!parsed.success) return value;
  return Object.fromEntries(
    Object.entries(parsed.data).map(([name, held]) => {
      const kind = kinds.get(name);
      return [name, kind === undefined ? upgradeNamed(held, kinds) : upgradeRecord(kind, held)];
    }),
  );
}
