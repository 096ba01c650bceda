import type Database from 'better-sqlite3';

/** Prepared statements by their text: the filters a person uses are few, the possible ones are many. */
export class StatementCache {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** Every row of the result, each as an array. */
  rows(sql: string, values: Readonly<Record<string, unknown>>): unknown[][] {
    return this.#take(sql).all(values) as unknown[][];
  }

  /** The first column of every row. */
  column<T>(sql: string, values: Readonly<Record<string, unknown>>): T[] {
    return this.rows(sql, values).map(([value]) => value as T);
  }

  #take(sql: string): Database.Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql).raw();
    this.#statements.set(sql, statement);
    return statement;
  }
}
