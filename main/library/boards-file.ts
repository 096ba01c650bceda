import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { boardNameSchema } from '../../contract/library.ts';
import { idSchema, timestampMsSchema } from '../../contract/identity.ts';
import { readRecord, writeRecord } from '../../contract/record.ts';
import type { RecordKind } from '../../contract/record.ts';
import type { LibraryFindings } from './library-findings.ts';
import { writeFileDurably } from '../storage/write-file-durably.ts';

const storedBoardSchema = z.object({
  id: idSchema,
  name: boardNameSchema,
  createdMs: timestampMsSchema,
  /** A deleted board is kept, so that the deletion can be taken back. */
  deleted: z.boolean(),
  /** It holds the results of a batch, whose id it has. */
  ofBatch: z.boolean(),
});
export type StoredBoard = z.infer<typeof storedBoardSchema>;

const versionOneSchema = z.looseObject({ boards: z.array(z.looseObject({})) });

/** Version 1 knew boards that people made. */
function tellMadeByHand(older: unknown): unknown {
  const file = versionOneSchema.safeParse(older).data;
  // What is no list is left as it is: the schema says what is wrong with it.
  return file === undefined ? older : { ...file, boards: file.boards.map((board) => ({ ...board, ofBatch: false })) };
}

const boardsRecord: RecordKind<{ boards: readonly StoredBoard[] }> = {
  name: 'list of boards',
  version: 2,
  schema: z.object({ boards: z.array(storedBoardSchema) }),
  steps: [tellMadeByHand],
};

/**
 * The names of the boards, `boards.json`. Which items are on a board is in the items themselves, so a lost file costs the names
 * alone.
 */
export class BoardsFile {
  readonly #path: string;
  readonly #findings: LibraryFindings;
  /** The file is of a later studio. */
  #newer: StudioError | null = null;

  /** @param findings Receives a sentence for what is wrong with the file. */
  constructor(path: string, findings: LibraryFindings) {
    this.#path = path;
    this.#findings = findings;
  }

  /** With `aside`, a file that cannot be read is put aside under another name, never overwritten; one of a later studio stays where it is. */
  read(aside: ((path: string) => string) | null): readonly StoredBoard[] {
    if (!existsSync(this.#path)) return [];
    try {
      return readRecord(boardsRecord, JSON.parse(readFileSync(this.#path, 'utf8'))).boards;
    } catch (cause) {
      if (cause instanceof StudioError) {
        this.#newer = cause;
        this.#findings.mended(`${this.#path}: ${cause.message} It was left as it is; boards cannot be changed here.`);
        return [];
      }
      if (!(cause instanceof SyntaxError) && !(cause instanceof z.ZodError)) throw cause;
      const where = aside === null ? '' : ` It was put aside as ${aside(this.#path)}.`;
      this.#findings.mended(`${this.#path} could not be read, so boards have lost their names.${where}`);
      return [];
    }
  }

  /** Throws StudioError record-newer, disk-full or file-unwritable; the file is then as it was. */
  async write(boards: readonly StoredBoard[]): Promise<void> {
    if (this.#newer !== null) throw this.#newer;
    await writeFileDurably(this.#path, Buffer.from(JSON.stringify(writeRecord(boardsRecord, { boards }), null, 2)));
  }
}
