import type { Matrix } from '../../contract/texts/matrix.ts';
import { openStudio } from '../../main/studio.ts';
import type { Studio } from '../../main/studio.ts';
import type { BenchPack } from './bench-pack.ts';
import { judge } from './bench-row.ts';
import type { BenchRow } from './bench-row.ts';
import { runJob } from './run-job.ts';

/** Tokens at which pictures are read, and read again. */
export const LENGTH = 15;
export const SEED = 1;

export const percentOf = (these: readonly boolean[]): number => (100 * these.filter(Boolean).length) / these.length;
export const wordsOf = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/u));
export const firstOf = (known: readonly string[], text: string): string | null =>
  text.split(/\s+/u).find((word) => known.includes(word)) ?? null;

/** Each sample with each by rules, drawn or not. */
export async function blendAll(studio: Studio, samples: readonly string[], isDrawn: boolean): Promise<Matrix> {
  const imageSha256s: string[] = [];
  for (const sample of samples) imageSha256s.push((await studio.addImage(sample)).image.sha256);
  const draw = isDrawn ? { seed: SEED } : null;
  const { id } = await runJob(studio, { kind: 'matrix', name: 'Samples', imageSha256s, length: LENGTH, draw });
  return studio.client.matrices.get({ jobId: id });
}

/** What the pack reads in the drawings, in their order. */
async function readAgain(studio: Studio, { cells }: Matrix): Promise<readonly string[]> {
  const imageSha256s = cells.flatMap(({ picture }) => picture?.sha256 ?? []);
  const { result } = await runJob(studio, { kind: 'encode', imageSha256s, lengths: [LENGTH] });
  if (result?.kind !== 'encode') throw new Error('The drawings were not read.');
  const texts: string[] = [];
  for (const { documents } of result.images) {
    const [read] = documents;
    texts.push(read === undefined ? '' : (await studio.client.prompts.inspect({ document: read.document })).text);
  }
  return texts;
}

/** The rules' blends of the pack's own pictures: what their texts hold, and what the pack finds in them when they are drawn and read again. */
export async function measureRedrawnBlends({ id: packId, samples }: BenchPack): Promise<BenchRow[]> {
  const studio = await openStudio({ ephemeral: true });
  try {
    const { world } = await studio.client.packs.info({ packId });
    if (world === undefined) throw new Error('The pack does not say what it knows.');
    const objects = world.objects.map(({ word }) => word);
    const matrix = await blendAll(studio, samples, true);
    const heard = await readAgain(studio, matrix);
    const pairs = matrix.cells.map(({ object, scene, text }, at) => {
      const [of, to] = [matrix.sources[object]?.text ?? '', matrix.sources[scene]?.text ?? ''];
      const [said, again] = [wordsOf(text), wordsOf(heard[at] ?? '')];
      const [thing, backdrop] = [firstOf(objects, of), firstOf(world.backdrops, to)];
      const holds = (words: ReadonlySet<string>, word: string | null): boolean => word !== null && words.has(word);
      return {
        isWritten: holds(said, thing) && holds(said, backdrop),
        isObjectSeen: holds(again, thing),
        isBackdropSeen: holds(again, backdrop),
      };
    });
    const unit = '%';
    const name = `of ${pairs.length} blends`;
    return [
      judge(
        { name: `${name}: A’s object with B’s backdrop in the text`, unit, atLeast: 98 },
        percentOf(pairs.map((one) => one.isWritten)),
      ),
      judge(
        { name: `${name}: A’s object, drawn and read again`, unit, atLeast: 90 },
        percentOf(pairs.map((one) => one.isObjectSeen)),
      ),
      judge(
        { name: `${name}: B’s backdrop, drawn and read again`, unit, atLeast: 85 },
        percentOf(pairs.map((one) => one.isBackdropSeen)),
      ),
    ];
  } finally {
    await studio.close();
  }
}
