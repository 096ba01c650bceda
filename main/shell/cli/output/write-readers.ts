import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Judge } from '../../../../contract/texts/judge.ts';
import { CSV_MARK, csvLine } from '../../../files/csv-line.ts';
import { writeWhole } from '../../../files/write-whole.ts';
import type { Studio } from '../../../studio.ts';
import type { ReaderSpec } from '../input/reader-spec.ts';
import { readersPage } from './readers-page.ts';
import { toDataAddress } from '../../../files/pictures-page.ts';

/** What one reader made of one picture. */
export const readSchema = z.object({
  image: z.string(),
  reader: z.string(),
  text: z.string(),
  /** Seconds that reading took, loading included where it was the first. */
  seconds: z.number(),
  files: z.array(z.string()),
  /** The pack whose scorer had a say in the text; null where none had. */
  guide: z.string().nullable(),
  /** Mean cosine of original and redraws by the judge, −1..1; null where the judge had a say in the text. */
  similarity: z.number().nullable(),
  /** Mean absolute difference of pixels, 0..1: nobody's guide. */
  pixelError: z.number(),
});
/** The same, with the names of the pictures in the library. */
export type Read = z.infer<typeof readSchema> & { readonly original: string; readonly drawn: readonly string[] };
/** Sides of a place of the grid in pixels. */
const CELL = 192;

/** The table, the page and the grid of a comparison, over those of an earlier run. Returns their paths. */
export async function writeReaders(
  studio: Studio,
  { out, readers }: { readonly out: string; readonly readers: readonly ReaderSpec[] },
  judge: Judge,
  reads: readonly Read[],
  signal: AbortSignal,
): Promise<string[]> {
  const [table, page, grid] = ['csv', 'html', 'png'].map((ending) => join(out, `readers.${ending}`));
  if (table === undefined || page === undefined || grid === undefined) throw new Error('three files');
  const columns = ['image', 'reader', 'text', 'seconds', 'similarity', 'pixelError', 'guide'] as const;
  const lines = reads.map((one) => csvLine(columns.map((column) => one[column])));
  await writeWhole(
    table,
    CSV_MARK + csvLine(['image', 'reader', 'text', 'seconds', 'similarity', 'pixel_error', 'guide']) + lines.join(''),
  );
  const originals = [...new Set(reads.map(({ image }) => image))];
  const of = (image: string, { label }: ReaderSpec): Read | undefined =>
    reads.find((one) => one.image === image && one.reader === label);
  const rows = [];
  for (const image of originals) {
    const original = reads.find((one) => one.image === image)?.original ?? '';
    const cells = [];
    for (const spec of readers) {
      const one = of(image, spec);
      const [drawn] = one?.drawn ?? [];
      cells.push(
        one === undefined
          ? null
          : { text: one.text, shown: drawn === undefined ? null : await embed(studio, drawn), figures: figuresOf(one) },
      );
    }
    rows.push({ file: basename(image), shown: await embed(studio, original), cells });
  }
  await writeWhole(
    page,
    readersPage(
      explainJudge(judge),
      readers.map(({ label }) => label),
      rows,
    ),
  );
  const places = originals.flatMap((image) => [
    reads.find((one) => one.image === image)?.original ?? null,
    ...readers.map((spec) => of(image, spec)?.drawn[0] ?? null),
  ]);
  await writeWhole(grid, await studio.drawSheet({ cells: places, columns: readers.length + 1, cellPixels: CELL }, signal));
  return [table, page, grid];
}

/** A small copy, so that the page stays one that can be sent. */
const embed = async (studio: Studio, sha256: string): Promise<string> => toDataAddress(await studio.locateThumbnail(sha256));

function figuresOf({ similarity, pixelError, seconds }: Read): string[] {
  const judged = similarity === null ? [] : [`similarity ${similarity.toFixed(3)}`];
  return [...judged, `pixel error ${pixelError.toFixed(3)}`, `${seconds.toFixed(1)} s`];
}

/** A sentence on who judged, and on what it was not asked about. */
export function explainJudge({ packId, isGuide }: Judge): string {
  const judged = `Similarity is judged by the scorer of the model ${packId}.`;
  return isGuide ? `${judged} It guided the searches by likeness, so that it is not asked about their texts.` : judged;
}
