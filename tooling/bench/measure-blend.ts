import type { BlendTextsOptions } from '../../main/language/blend-texts.ts';
import { blendTexts, readSide } from '../../main/language/blend-texts.ts';
import { loadLexicon } from '../../main/language/lexicon.ts';
import { loadClipTokenizer } from '../../main/tokenizer/load-clip-tokenizer.ts';
import type { BenchPack } from './bench-pack.ts';
import { judge, median } from './bench-row.ts';
import type { BenchRow } from './bench-row.ts';
import { percentOf } from './measure-redrawn-blends.ts';
import { blendPageTexts, faultsOf, isRight, judgeWorldBlends, readPageTexts, readWorldScenes } from './right-blends.ts';
import type { LabelledText } from './right-blends.ts';

/** The built-in blend of two texts of 75 tokens, both ways, from the bare texts on. */
function measureTime(texts: readonly LabelledText[], options: BlendTextsOptions): BenchRow {
  const times = texts.flatMap((a, index) =>
    texts.slice(index + 1).map((b) => {
      const started = performance.now();
      blendTexts(readSide(a.text, options), readSide(b.text, options), options);
      return performance.now() - started;
    }),
  );
  return judge({ name: 'built-in blend of a pair', unit: 'ms', atMost: 20 }, median(times));
}

/** How long the built-in blend takes, and how many of its blends are right: of the project page's texts, and of those of the pack's world. */
export async function measureBlend({ objects }: BenchPack): Promise<BenchRow[]> {
  const clip = await loadClipTokenizer();
  const countTokens = (text: string): number => clip.encode(text).length;
  const options = { lexicon: await loadLexicon(), subjects: new Set<string>(), limit: 75, countTokens };
  const texts = await readPageTexts();
  const blends = blendPageTexts(texts, options);
  const scenes = await readWorldScenes();
  const own = { ...options, subjects: new Set(objects) };
  const unit = '%';
  const ofPage = `of ${blends.length} blends of the page’s texts`;
  return [
    measureTime(texts, options),
    judge(
      { name: `${ofPage}: the right subject and setting`, unit, atLeast: 90 },
      percentOf(blends.map((blend) => isRight(blend, options))),
    ),
    judge(
      { name: `${ofPage}: nothing glued, repeated or broken`, unit, atLeast: 100 },
      percentOf(blends.map(({ text }) => faultsOf(text, options).length === 0)),
    ),
    judge({ name: `${ofPage}: pass their own checks`, unit, atLeast: 90 }, percentOf(blends.map(({ passed }) => passed))),
    ...[5, 15, 75].map((length) => {
      const right = judgeWorldBlends(scenes, length, own);
      const name = `of ${right.length} blends of the pack’s texts, ${length} tokens: A’s object, B’s backdrop, colours and style`;
      return judge({ name, unit, atLeast: 98 }, percentOf(right));
    }),
  ];
}
