import type Database from 'better-sqlite3';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { jobRequestRecord, jobResultRecord, recordsOfAJob } from '../../contract/job-records.ts';
import { jobSchema } from '../../contract/job.ts';
import type { Job, JobRequest, JobResult } from '../../contract/job.ts';
import { readRecord, upgradeNamed, upgradeRecord, writeRecord } from '../../contract/record.ts';
import type { RecordGrowth, RecordKind } from '../../contract/record.ts';
import { openStoredDatabase } from '../storage/open-stored-database.ts';
import { WAITING } from './progress-tracker.ts';

const TABLES = [
  `
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
`,
] as const;

/** A stored row that is no job any more; `id` is what the row calls itself. */
export interface UnreadableJob {
  readonly position: number;
  readonly id: string;
  readonly state: string;
  readonly reason: string;
  /** Set where nothing is wrong with the row but that a later studio wrote it. */
  readonly newer: StudioError | null;
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

export interface JobStoreOptions {
  readonly file: string;
  readonly clock: () => number;
  /** How the records in a job grow, where its own steps would lose what it carries. */
  readonly records?: ReadonlyMap<string, RecordGrowth>;
}

/** Jobs on disk, one row each. Progress is not stored. SqliteError passes through. */
export class JobStore {
  readonly #database: Database.Database;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #requestRecord: RecordKind<JobRequest>;
  readonly #resultRecord: RecordKind<JobResult>;

  /** Opens or makes the file. One that is no database any more is put aside under another name, which `onProblem` hears of. */
  constructor({ file, clock, records = recordsOfAJob }: JobStoreOptions, onProblem: (problem: string) => void) {
    const inside = (value: unknown): unknown => upgradeNamed(value, records);
    this.#requestRecord = { ...jobRequestRecord, inside };
    this.#resultRecord = { ...jobResultRecord, inside };
    const check = prepareStatements;
    this.#database = openStoredDatabase({
      file,
      steps: TABLES,
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
        jobs.push(parseRow(row, this.#requestRecord));
      } catch (cause) {
        const reason = cause instanceof z.ZodError ? z.prettifyError(cause).replaceAll('\n', ' ') : String(cause);
        const newer = cause instanceof StudioError ? cause : null;
        unreadable.push({ position: row.position, id: String(row.id), state: String(row.state), reason, newer });
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

  /** A job's result; null when it has none, or when what is stored is none any more. Throws StudioError record-newer. */
  readResult(jobId: string): JobResult | null {
    const stored = this.#statements.readResult.get(jobId);
    if (typeof stored !== 'string') return null;
    try {
      return readRecord(this.#resultRecord, JSON.parse(stored));
    } catch (cause) {
      if (cause instanceof SyntaxError || cause instanceof z.ZodError) return null;
      throw cause;
    }
  }

  /** Every sha256 that stands anywhere in a job, whatever its state and its version. */
  listHashes(): ReadonlySet<string> {
    const found = new Set<string>();
    for (const text of this.#statements.texts.iterate()) {
      for (const [sha256] of text.matchAll(/\b[0-9a-f]{64}\b/g)) found.add(sha256);
    }
    return found;
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
    texts: database.prepare<[], string>("SELECT coalesce(request, '') || ' ' || coalesce(result, '') FROM jobs").pluck(),
    remove: database.prepare<[string]>('DELETE FROM jobs WHERE id = ?'),
  };
}

type Columns = ReturnType<typeof toColumns>;

function toColumns(job: Job) {
  const { id, state, createdMs, startedMs, endedMs, attempts } = job;
  return {
    id,
    state,
    createdMs,
    startedMs,
    endedMs,
    attempts,
    request: JSON.stringify(writeRecord(jobRequestRecord, job.request)),
    result: job.result === null ? null : JSON.stringify(writeRecord(jobResultRecord, job.result)),
    error: job.error === null ? null : JSON.stringify(job.error),
  };
}

/** Throws ZodError, SyntaxError or StudioError record-newer. */
function parseRow(row: Row, kind: RecordGrowth): Job {
  const fromJson = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value);
  const progress = row.state === 'done' ? { ...WAITING, phase: 'saving', fraction: 1 } : WAITING;
  const request = upgradeRecord(kind, fromJson(row.request));
  return jobSchema.parse({ ...row, request, error: fromJson(row.error), result: null, progress });
}
