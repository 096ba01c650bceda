import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { boardNameSchema } from '../../contract/library.ts';
import { idSchema, timestampMsSchema } from '../../contract/identity.ts';
import { readRecord, writeRecord } from '../../contract/record.ts';
import type { RecordKind } from '../../contract/record.ts';
import { renamePatientlyNow } from '../rename-patiently.ts';
import { writeFileDurably } from '../storage/write-file-durably.ts';

const storedBoardSchema = z.object({
  id: idSchema,
  name: boardNameSchema,
  createdMs: timestampMsSchema,
  /** A deleted board is kept, so that the deletion can be taken back. */
  deleted: z.boolean(),
});
export type StoredBoard = z.infer<typeof storedBoardSchema>;

const boardsRecord: RecordKind<{ boards: readonly StoredBoard[] }> = {
  name: 'list of boards',
  version: 1,
  schema: z.object({ boards: z.array(storedBoardSchema) }),
  steps: [],
};

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
  /** The file is of a later studio. */
  #newer: StudioError | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** With `mend`, a file that cannot be read is put aside under another name, never overwritten; one of a later studio stays where it is. */
  read(mend: boolean): ReadBoards {
    if (!existsSync(this.#path)) return { boards: [], problems: [] };
    try {
      return { boards: readRecord(boardsRecord, JSON.parse(readFileSync(this.#path, 'utf8'))).boards, problems: [] };
    } catch (cause) {
      if (cause instanceof StudioError) {
        this.#newer = cause;
        return { boards: [], problems: [`${this.#path}: ${cause.message} It was left as it is; boards cannot be changed here.`] };
      }
      if (!(cause instanceof SyntaxError) && !(cause instanceof z.ZodError)) throw cause;
      const aside = `${this.#path}.damaged-${Date.now()}`;
      if (mend) renamePatientlyNow(this.#path, aside);
      const where = mend ? ` It was put aside as ${aside}.` : '';
      return { boards: [], problems: [`${this.#path} could not be read, so boards have lost their names.${where}`] };
    }
  }

  /** Throws StudioError record-newer, disk-full or file-unwritable; the file is then as it was. */
  async write(boards: readonly StoredBoard[]): Promise<void> {
    if (this.#newer !== null) throw this.#newer;
    await writeFileDurably(this.#path, Buffer.from(JSON.stringify(writeRecord(boardsRecord, { boards }), null, 2)));
  }
}
