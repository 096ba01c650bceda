import type { PictureMetadata } from '../../../contract/texts/metadata.ts';
import { pngWith } from '../../helpers/metadata-files.ts';

/** What one writer puts into a file, made up here, and what the studio must find in it. */
export interface WrittenFile {
  readonly name: string;
  readonly make: () => Promise<Buffer>;
  readonly found: Partial<PictureMetadata>;
}

type TextForm = 'tEXt' | 'zTXt' | 'iTXt' | 'packed iTXt';

/** A PNG with one text; values become JSON as Python writes it. */
export const png =
  (keyword: string, text: unknown, form: TextForm = 'tEXt') =>
  () =>
    pngWith([[keyword, typeof text === 'string' ? text : asPython(text), form]]);

/** As Python writes it: whole numbers of 64 bits, and NaN. */
export const asPython = (value: unknown): string =>
  JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'bigint' ? `big:${one}` : Number.isNaN(one) ? 'not-a-number' : one,
  )
    .replace(/"big:(\d+)"/g, '$1')
    .replaceAll('"not-a-number"', 'NaN');
