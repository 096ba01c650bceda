import { z } from 'zod';

/** The ways tools have of writing a prompt: its emphasis, its commands, its parameters. */
export const promptDialectSchema = z.enum(['plain', 'midjourney', 'sdxl', 'a1111', 'comfyui', 'invokeai', 'fooocus']);
export type PromptDialect = z.infer<typeof promptDialectSchema>;

/** Signs that only one tool's texts have, or a few; no person's sentence about a picture does. */
const signs: readonly (readonly [PromptDialect, RegExp])[] = [
  ['midjourney', /(?:^|\s)--(?:ar|aspect|v|version|niji|s|stylize|c|chaos|w|weird|no|seed|q|quality|iw|sref|raw|style|tile)\b/i],
  ['midjourney', /\S::\s*-?\.?\d/],
  ['a1111', /^Negative prompt:/m],
  ['a1111', /^Steps: \d+, /m],
  ['a1111', /<(?:lora|lyco|hypernet):[^<>]+>/i],
  ['a1111', /\bBREAK\b/],
  ['a1111', /\[[^[\]|:]*(?:\|[^[\]]+|:[^[\]:]*:?\s*\d*\.?\d+)\]/],
  ['a1111', /(?<!\\)\([^()]{1,400}:\s*\d*\.?\d+\s*\)|(?<!\\)\(\([^()]{1,400}\)\)/],
  ['comfyui', /(?<!\\)\([^()]{1,400}:\s*\d*\.?\d+\s*\)|\bembedding:\S/],
  ['fooocus', /<lora:[^<>]+>|\b__[\w-]+__\b|\[\[[^[\]]+\]\]/],
  ['invokeai', /[^\s+]\+{1,4}(?=[\s,)]|$)|(?<!\\)\)(?:\d*\.\d+|\d|[-+]{1,4})(?=[\s,]|$)|[^\s-]--(?=[\s,)]|$)/],
];

/** The tools a text may have been written for, the likeliest first; none for a text without any sign. */
export function findDialects(text: string): PromptDialect[] {
  const beginning = text.slice(0, 20_000);
  const found = signs.flatMap(([dialect, sign]) => (sign.test(beginning) ? [dialect] : []));
  return [...new Set(found)];
}
