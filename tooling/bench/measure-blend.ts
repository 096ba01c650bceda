import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { blendTexts, readSide } from '../../main/language/blend-texts.ts';
import { loadLexicon } from '../../main/language/lexicon.ts';
import { loadClipTokenizer } from '../../main/tokenizer/load-clip-tokenizer.ts';
import { judge, median } from './bench-row.ts';
import type { BenchRow } from './bench-row.ts';

const textsSchema = z.object({ texts: z.array(z.object({ text: z.string() })) });

/** The built-in blend of two texts of 75 tokens, both ways, from the bare texts on. */
export async function measureBlend(): Promise<BenchRow[]> {
  const file = new URL('../../test/fixtures/de-diffusion-texts.json', import.meta.url);
  const { texts } = textsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const clip = await loadClipTokenizer();
  const countTokens = (text: string): number => clip.encode(text).length;
  const options = { lexicon: await loadLexicon(), subjects: new Set<string>(), limit: 75, countTokens };
  const times = texts.flatMap((a, index) =>
    texts.slice(index + 1).map((b) => {
      const started = performance.now();
      blendTexts(readSide(a.text, options), readSide(b.text, options), options);
      return performance.now() - started;
    }),
  );
  return [judge({ name: 'built-in blend of a pair', unit: 'ms', atMost: 20 }, median(times))];
}
