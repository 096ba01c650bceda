import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { blendChecksSchema, writerChoiceSchema } from '../../../contract/texts/blend.ts';
import { generateSettingsSchema } from '../../../contract/recipe.ts';
import { writeWhole } from '../../files/write-whole.ts';
import { likenessSchema } from './measure-likeness.ts';

/** All that a cell follows from: where nothing of it has changed, the cell is as it would be made again. */
const madeSchema = z.object({
  objectText: z.string(),
  sceneText: z.string(),
  writer: writerChoiceSchema,
  templateId: z.string().nullable(),
  limit: z.number().int().nullable(),
  /** The one a language model was to write in; absent: the usual one. */
  language: z.string().optional(),
  /** How it was drawn; null where it was not. */
  drawn: z.object({ packId: z.string(), packVersion: z.string(), settings: generateSettingsSchema }).nullable(),
});
export type CellMaking = z.infer<typeof madeSchema>;

/** One blend of a matrix. */
export const matrixCellSchema = z.object({
  text: z.string(),
  checks: blendChecksSchema,
  /** Its file's name in the folder of the cells; null where it was not drawn. */
  picture: z.string().nullable(),
  /** How alike the picture is to the one whose object it shows, and to the one whose scene it has. */
  likeness: z.object({ object: likenessSchema.nullable(), scene: likenessSchema.nullable() }),
});
export type MatrixCell = z.infer<typeof matrixCellSchema>;

const cellFileSchema = matrixCellSchema.extend({ schemaVersion: z.literal(1), made: madeSchema });

/** The cells of a matrix as files of a folder, each whole or not there: what was made once is not made again by a later run. */
export class MatrixCells {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  static nameOf(objectSha256: string, sceneSha256: string): string {
    return `${objectSha256.slice(0, 12)}-in-${sceneSha256.slice(0, 12)}`;
  }

  /** Null where it was never made, from something else, or its files are damaged or gone. */
  async find(name: string, made: CellMaking): Promise<MatrixCell | null> {
    const content = await readFile(this.#pathOf(name), 'utf8').catch(() => null);
    const read = content === null ? null : cellFileSchema.safeParse(parse(content));
    if (read?.success !== true || !isDeepStrictEqual(read.data.made, madeSchema.parse(made))) return null;
    const { picture } = read.data;
    const isThere = picture === null || (await stat(join(this.folder, picture)).catch(() => null))?.isFile() === true;
    return isThere ? matrixCellSchema.parse(read.data) : null;
  }

  async keep(name: string, made: CellMaking, cell: MatrixCell): Promise<void> {
    const content = cellFileSchema.parse({ schemaVersion: 1, ...cell, made });
    await writeWhole(this.#pathOf(name), `${JSON.stringify(content, null, 2)}\n`);
  }

  #pathOf(name: string): string {
    return join(this.folder, `${name}.json`);
  }
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}
