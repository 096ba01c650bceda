import { existsSync, readFileSync, renameSync } from 'node:fs';
import { z } from 'zod';
import { boardNameSchema } from '../../contract/library.ts';
import { idSchema, timestampMsSchema } from '../../contract/identity.ts';
import { writeFileDurably } from '../storage/write-file-durably.ts';

const storedBoardSchema = z.object({
  id: idSchema,
  name: boardNameSchema,
  createdMs: timestampMsSchema,
  /** A deleted board is kept, so that the deletion can be taken back. */
  deleted: z.boolean(),
});
export type StoredBoard = z.infer<typeof storedBoardSchema>;

const fileSchema = z.object({ schemaVersion: z.literal(1), boards: z.array(storedBoardSchema) });

/** What was found, and a sentence for what was wrong with it. */
export interface ReadBoards {
  readonly boards: readonly StoredBoard[];
  readonly problems: readonly string[];
}

/**
 * The names of the boards, `boards.json`. Which items are on a board is in the items themselves, so a lost file costs the names
 * alone.
 */
export class BoardsFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** With `mend`, a file that cannot be read is put aside under another name, never overwritten. */
  read(mend: boolean): ReadBoards {
    if (!existsSync(this.#path)) return { boards: [], problems: [] };
    try {
      return { boards: fileSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8'))).boards, problems: [] };
    } catch (cause) {
      if (!(cause instanceof SyntaxError) && !(cause instanceof z.ZodError)) throw cause;
      const aside = `${this.#path}.damaged-${Date.now()}`;
      if (mend) renameSync(this.#path, aside);
      const where = mend ? ` It was put aside as ${aside}.` : '';
      return { boards: [], problems: [`${this.#path} could not be read, so boards have lost their names.${where}`] };
    }
  }

  /** Throws StudioError disk-full or file-unwritable; the file is then as it was. */
  async write(boards: readonly StoredBoard[]): Promise<void> {
    await writeFileDurably(this.#path, Buffer.from(JSON.stringify({ schemaVersion: 1, boards }, null, 2)));
  }
}
