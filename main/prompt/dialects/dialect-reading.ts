import type { GenerateSettings } from '../../../contract/recipe.ts';
import { generateSettingsSchema } from '../../../contract/recipe.ts';
import type { WeightedText } from './weighted-text.ts';

/** What stands in a text of another tool. */
export interface DialectReading {
  readonly pieces: readonly WeightedText[];
  /** What is not wanted, as words. */
  readonly negative: string;
  readonly settings: ReadSettings;
  /** Sentences on what was left out, or means something the studio does not have. */
  readonly notes: readonly string[];
}

export type ReadSettings = Pick<GenerateSettings, 'seed' | 'steps' | 'guidance' | 'width' | 'height' | 'scheduler'>;

/** The settings the studio takes; what does not fit becomes a note. */
export function takeSettings(values: Readonly<Record<string, unknown>>, notes: string[]): ReadSettings {
  const taken: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue;
    const number = typeof value === 'string' && /^-?[\d.]+$/.test(value) ? Number(value) : value;
    if (generateSettingsSchema.safeParse({ [name]: number }).success) taken[name] = number;
    else {
      const said = typeof value === 'string' ? value : JSON.stringify(value);
      notes.push(`The studio takes no ${name} of ${said.slice(0, 60)}; it is left out.`);
    }
  }
  return generateSettingsSchema.parse(taken);
}

/** Takes every match out of a text and tells each, once. A space stays, so that words do not grow together. */
export function takeOut(text: string, pattern: RegExp, tell: (found: string) => string, notes: string[]): string {
  return text.replace(pattern, (found: string) => {
    const note = tell(found.trim().slice(0, 200));
    if (!notes.includes(note)) notes.push(note);
    return ' ';
  });
}
