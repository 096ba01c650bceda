import Database from 'better-sqlite3';
import { removeIndexFiles } from '../library/index/open-index.ts';
import { isNewerDatabase } from '../storage/is-newer-database.ts';

/** What a scorer made of the picture with this name. */
export interface PictureVector {
  readonly sha256: string;
  readonly vector: Float32Array;
}

const VERSION = 1;

/**
 * Vectors of pictures by the scorer that made them, `vectors.sqlite`: apart from the index, because they take minutes to make again
 * and an index takes seconds. They can all be made again, so a file that cannot be used is replaced; one of a later studio stays as
 * it is.
 */
export class VectorStore {
  readonly #database: Database.Database;

  private constructor(database: Database.Database) {
    this.#database = database;
  }

  /**
   * @param file A path, or `:memory:`. SqliteError passes through when the disk takes no file.
   * @param onProblem Hears of a file that a later studio wrote: vectors are then kept in memory.
   */
  static open(file: string, onProblem: (problem: string) => void): VectorStore {
    if (isNewerDatabase(file, VERSION)) {
      onProblem(
        `${file} was written by a newer version of the studio and left as it is; pictures are looked at again at each start.`,
      );
      return new VectorStore(openDatabase(':memory:'));
    }
    try {
      return new VectorStore(openDatabase(file));
    } catch (cause) {
      if (!(cause instanceof Database.SqliteError) || file === ':memory:') throw cause;
      removeIndexFiles(file);
      return new VectorStore(openDatabase(file));
    }
  }

  /** Every vector this scorer made. */
  list(scorer: string): PictureVector[] {
    const rows = this.#database.prepare<[string], { sha256: string; vector: Buffer }>(
      'SELECT sha256, vector FROM vectors WHERE scorer = ?',
    );
    return rows.all(scorer).map(({ sha256, vector }) => ({ sha256, vector: toFloats(vector) }));
  }

  put(scorer: string, vectors: readonly PictureVector[]): void {
    const insert = this.#database.prepare<[string, string, Buffer]>('INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)');
    this.#database.transaction(() => {
      for (const { sha256, vector } of vectors) {
        insert.run(scorer, sha256, Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength));
      }
    })();
  }

  remove(sha256s: readonly string[]): void {
    const remove = this.#database.prepare<[string]>('DELETE FROM vectors WHERE sha256 = ?');
    this.#database.transaction(() => sha256s.forEach((sha256) => remove.run(sha256)))();
  }

  close(): void {
    this.#database.close();
  }
}

/** A copy, because a blob may begin at any byte and floats at every fourth only. */
function toFloats(blob: Buffer): Float32Array {
  return new Float32Array(Uint8Array.from(blob).buffer);
}

function openDatabase(file: string): Database.Database {
  const database = new Database(file);
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    if (database.pragma('user_version', { simple: true }) !== VERSION) {
      database.exec(`DROP TABLE IF EXISTS vectors;
        CREATE TABLE vectors (scorer TEXT NOT NULL, sha256 TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (scorer, sha256)) WITHOUT ROWID;
        CREATE INDEX vectors_by_picture ON vectors (sha256);
        PRAGMA user_version = ${VERSION};`);
    }
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
}
