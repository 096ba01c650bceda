import type Database from 'better-sqlite3';
import { z } from 'zod';
import { jobResultSchema, jobSchema } from '../../contract/job.ts';
import type { Job, JobResult } from '../../contract/job.ts';
import { upgradeStoredPrompts } from '../../contract/prompt.ts';
import { openStoredDatabase } from '../storage/open-stored-database.ts';
import { WAITING } from './progress-tracker.ts';

const VERSION = 1;

const TABLES = `
  CREATE TABLE jobs (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    started_ms INTEGER,
    ended_ms INTEGER,
    attempts INTEGER NOT NULL,
    request TEXT NOT NULL,
    result TEXT,
    error TEXT
  );
`;

/** A stored row that is no job any more; `id` is what the row calls itself. */
export interface UnreadableJob {
  readonly position: number;
  readonly id: string;
  readonly state: string;
  readonly reason: string;
}

export interface StoredJobs {
  /** In the order of the queue, without results. */
  readonly jobs: readonly Job[];
  readonly unreadable: readonly UnreadableJob[];
}

/** Whatever a row holds; only its place is sure. */
interface Row {
  readonly position: number;
  readonly id: unknown;
  readonly state: unknown;
  readonly request: unknown;
  readonly error: unknown;
}

/** Jobs on disk, one row each. Progress is not stored. SqliteError passes through. */
export class JobStore {
  readonly #database: Database.Database;
  readonly #statements: ReturnType<typeof prepareStatements>;

  /** Opens or makes the file. One that is no database any more is put aside under another name, which `onProblem` hears of. */
  constructor(file: string, clock: () => number, onProblem: (problem: string) => void) {
    const check = prepareStatements;
    this.#database = openStoredDatabase({
      file,
      tables: TABLES,
      version: VERSION,
      check,
      holds: 'list of jobs',
      clock,
      onProblem,
    });
    this.#statements = prepareStatements(this.#database);
  }

  load(): StoredJobs {
    const jobs: Job[] = [];
    const unreadable: UnreadableJob[] = [];
    for (const row of this.#statements.list.all()) {
      try {
        jobs.push(parseRow(row));
      } catch (cause) {
        const reason = cause instanceof z.ZodError ? z.prettifyError(cause).replaceAll('\n', ' ') : String(cause);
        unreadable.push({ position: row.position, id: String(row.id), state: String(row.state), reason });
      }
    }
    return { jobs, unreadable };
  }

  /** Adds a job at the end, or moves it there. */
  append(job: Job): void {
    this.#statements.append.run(toColumns(job));
  }

  /** Writes a job's state, error and result where it stands. */
  update(job: Job): void {
    this.#statements.update.run(toColumns(job));
  }

  /** A job's result; null when it has none, or when what is stored is none any more. */
  readResult(jobId: string): JobResult | null {
    const stored = this.#statements.readResult.get(jobId);
    if (typeof stored !== 'string') return null;
    try {
      return jobResultSchema.parse(upgradeStoredPrompts(JSON.parse(stored)));
    } catch (cause) {
      if (cause instanceof SyntaxError || cause instanceof z.ZodError) return null;
      throw cause;
    }
  }

  failUnreadable(position: number, error: string, endedMs: number): void {
    this.#statements.fail.run({ position, error, endedMs });
  }

  remove(jobIds: readonly string[]): void {
    this.#database.transaction(() => {
      for (const id of jobIds) this.#statements.remove.run(id);
    })();
  }

  close(): void {
    this.#database.close();
  }
}

function prepareStatements(database: Database.Database) {
  return {
    list: database.prepare<[], Row>(
      `SELECT position, id, state, created_ms AS createdMs, started_ms AS startedMs, ended_ms AS endedMs, attempts, request, error
       FROM jobs ORDER BY position`,
    ),
    append: database.prepare<[Columns]>(
      `INSERT OR REPLACE INTO jobs (position, id, state, created_ms, started_ms, ended_ms, attempts, request, result, error)
       VALUES ((SELECT coalesce(max(position), 0) + 1 FROM jobs),
         @id, @state, @createdMs, @startedMs, @endedMs, @attempts, @request, @result, @error)`,
    ),
    update: database.prepare<[Columns]>(
      `UPDATE jobs SET state = @state, started_ms = @startedMs, ended_ms = @endedMs, attempts = @attempts,
         result = @result, error = @error WHERE id = @id`,
    ),
    fail: database.prepare<[{ position: number; error: string; endedMs: number }]>(
      "UPDATE jobs SET state = 'failed', error = @error, ended_ms = @endedMs WHERE position = @position",
    ),
    readResult: database.prepare<[string]>('SELECT result FROM jobs WHERE id = ?').pluck(),
    remove: database.prepare<[string]>('DELETE FROM jobs WHERE id = ?'),
  };
}

type Columns = ReturnType<typeof toColumns>;

function toColumns(job: Job) {
  const { id, state, createdMs, startedMs, endedMs, attempts } = job;
  const toJson = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
  return {
    id,
    state,
    createdMs,
    startedMs,
    endedMs,
    attempts,
    request: JSON.stringify(job.request),
    result: toJson(job.result),
    error: toJson(job.error),
  };
}

/** Throws ZodError or SyntaxError. */
function parseRow(row: Row): Job {
  const fromJson = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value);
  const progress = row.state === 'done' ? { ...WAITING, phase: 'saving', fraction: 1 } : WAITING;
  return jobSchema.parse({
    ...row,
    request: upgradeStoredPrompts(fromJson(row.request)),
    error: fromJson(row.error),
    result: null,
    progress,
  });
}
