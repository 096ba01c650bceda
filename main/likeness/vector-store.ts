import Database from 'better-sqlite3';
import { sha256Schema } from '../../contract/identity.ts';
import { isDatabaseDamage } from '../storage/is-database-damage.ts';
import { IN_MEMORY } from '../storage/open-database.ts';
import { openStoredDatabase, replaceDamaged } from '../storage/open-stored-database.ts';
import type { StoredDatabaseOptions } from '../storage/open-stored-database.ts';

/** What a scorer made of the picture with this name. */
export interface PictureVector {
  readonly sha256: string;
  readonly vector: Float32Array;
}

export interface VectorStoreOptions {
  /** A path, or `:memory:`. */
  readonly file: string;
  readonly clock: () => number;
  /** Hears of a file that was damaged, or that a later studio wrote, or that the disk did not take. */
  readonly onProblem: (problem: string) => void;
}

const TABLES = [
  `
  CREATE TABLE vectors (scorer TEXT NOT NULL, sha256 TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (scorer, sha256)) WITHOUT ROWID;
  CREATE INDEX vectors_by_picture ON vectors (sha256);
`,
] as const;

/** Whatever a row holds. */
interface Row {
  readonly sha256: unknown;
  readonly vector: unknown;
}

/**
 * Vectors of pictures by the scorer that made them, `vectors.sqlite`: apart from the index, because they take minutes to make again
 * and an index takes seconds. They can all be made again, so a file that turns out to be damaged is put aside and replaced, at the
 * start or in the middle of work; one of a later studio stays as it is.
 */
export class VectorStore {
  readonly #options: StoredDatabaseOptions;
  #database: Database.Database;

  private constructor(options: StoredDatabaseOptions, database: Database.Database) {
    this.#options = options;
    this.#database = database;
  }

  static open({ file, clock, onProblem }: VectorStoreOptions): VectorStore {
    const check = (database: Database.Database): void => {
      database.prepare('SELECT scorer, sha256, vector FROM vectors LIMIT 1').get();
    };
    const options = { file, steps: TABLES, check, holds: 'record of what pictures look like', clock, onProblem };
    try {
      return new VectorStore(options, openStoredDatabase(options));
    } catch (cause) {
      if (!(cause instanceof Database.SqliteError)) throw cause;
      onProblem(`${file} cannot be used (${cause.code}): what pictures look like is found out again at each start.`);
      return new VectorStore(options, openStoredDatabase({ ...options, file: IN_MEMORY }));
    }
  }

  /** Every vector this scorer made. One that is damaged is left out, and so is made again. */
  list(scorer: string): PictureVector[] {
    const rows = this.#use((database) =>
      database.prepare<[string], Row>('SELECT sha256, vector FROM vectors WHERE scorer = ?').all(scorer),
    );
    const vectors = rows.flatMap((row) => readRow(row) ?? []);
    const length = commonest(vectors.map(({ vector }) => vector.length));
    return vectors.filter(({ vector }) => vector.length === length);
  }

  put(scorer: string, vectors: readonly PictureVector[]): void {
    try {
      this.#use((database) => {
        const insert = database.prepare<[string, string, Buffer]>('INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)');
        database.transaction(() => {
          for (const { sha256, vector } of vectors) {
            insert.run(scorer, sha256, Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength));
          }
        })();
      });
    } catch (cause) {
      if (!(cause instanceof Database.SqliteError)) throw cause;
      // Whoever asked has them; they are only not remembered, on a full disk for one.
      this.#options.onProblem(
        `What pictures look like could not be kept (${cause.code}); it is found out again at the next start.`,
      );
    }
  }

  remove(sha256s: readonly string[]): void {
    this.#use((database) => {
      const remove = database.prepare<[string]>('DELETE FROM vectors WHERE sha256 = ?');
      database.transaction(() => sha256s.forEach((sha256) => remove.run(sha256)))();
    });
  }

  close(): void {
    this.#database.close();
  }

  #use<Value>(work: (database: Database.Database) => Value): Value {
    try {
      return work(this.#database);
    } catch (cause) {
      if (!isDatabaseDamage(cause) || this.#database.memory) throw cause;
      this.#database.close();
      this.#database = replaceDamaged(this.#options, cause);
      return work(this.#database);
    }
  }
}

/** Null for a row that holds no vector any more. */
function readRow({ sha256, vector }: Row): PictureVector | null {
  const name = sha256Schema.safeParse(sha256);
  if (!name.success || !Buffer.isBuffer(vector)) return null;
  if (vector.length === 0 || vector.length % Float32Array.BYTES_PER_ELEMENT !== 0) return null;
  // A copy, because a blob may begin at any byte and floats at every fourth only.
  const floats = new Float32Array(Uint8Array.from(vector).buffer);
  return floats.every(Number.isFinite) ? { sha256: name.data, vector: floats } : null;
}

function commonest(numbers: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
