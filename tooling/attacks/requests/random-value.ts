import { z } from 'zod';
import { nastyValues } from '../random-choice.ts';
import type { RandomChoice } from '../random-choice.ts';

/** What a schema says of itself, as far as values are made from it. */
const definitionSchema = z.looseObject({
  type: z.string(),
  innerType: z.unknown().optional(),
  in: z.unknown().optional(),
  element: z.unknown().optional(),
  shape: z.record(z.string(), z.unknown()).optional(),
  options: z.array(z.unknown()).optional(),
  items: z.array(z.unknown()).optional(),
  valueType: z.unknown().optional(),
  entries: z.record(z.string(), z.unknown()).optional(),
  values: z.array(z.unknown()).optional(),
});

/** What the studio under attack has said of itself: without it no request would get far. */
export interface Known {
  /** Ids, hashes, names of packs. */
  readonly texts: readonly string[];
  /** Whole values that fit a schema, by the schema. */
  readonly examples: ReadonlyMap<unknown, readonly unknown[]>;
}

const numbers = [0, 1, 1, 2, 3, 5, 15, 0.5, 8, 64, 75, 100, 4096, 2 ** 53 - 1];
const texts = ['', 'a red fox', 'plain', '../x', '\u202e', 'ä'.repeat(300), '%00', '{"a":1}', '16:9', 'https://127.0.0.1/'];
const lengths = [0, 1, 1, 2, 5, 40];
/** Share of values that are one of the examples, and of texts that are known. */
const known = 0.7;

/** A value that fits a schema by and large; `spoilt` is the share of parts in whose place stands what nobody expects. */
export function randomValue(schema: unknown, choice: RandomChoice, world: Known, spoilt: number): unknown {
  if (choice.chance(spoilt)) return choice.of(nastyValues);
  const make = (inner: unknown): unknown => randomValue(inner, choice, world, spoilt);
  const examples = world.examples.get(schema);
  if (examples !== undefined && choice.chance(known)) return choice.of(examples);
  const { def } = z.looseObject({ def: definitionSchema }).parse(schema);
  switch (def.type) {
    case 'object': {
      const made = Object.entries(def.shape ?? {}).map(([name, inner]) => [name, make(inner)] as const);
      return Object.fromEntries(made.filter(([, value]) => value !== undefined));
    }
    case 'array':
      return Array.from({ length: choice.of(lengths) }, () => make(def.element));
    case 'tuple':
      return (def.items ?? []).map(make);
    case 'record':
      return Object.fromEntries(Array.from({ length: choice.below(4) }, () => [choice.of(world.texts), make(def.valueType)]));
    case 'union':
      return make(choice.of(def.options ?? []));
    case 'optional':
    case 'default':
      return choice.chance(0.4) ? undefined : make(def.innerType);
    case 'nullable':
      return choice.chance(0.3) ? null : make(def.innerType);
    case 'pipe':
      return make(def.in);
    case 'enum':
      return choice.of(Object.values(def.entries ?? {}));
    case 'literal':
      return choice.of(def.values ?? []);
    case 'boolean':
      return choice.chance(0.5);
    case 'number':
    case 'int':
      return choice.of(numbers);
    case 'string':
      return choice.of(choice.chance(known) ? world.texts : texts);
    default:
      return choice.of(nastyValues);
  }
}
