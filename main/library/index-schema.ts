import type Database from 'better-sqlite3';
import type { LibraryItem } from '../../contract/library.ts';

/** Raised when the tables or what is put into them change; an index of another version is made again from the items. */
export const INDEX_VERSION = 1;

/** Kinds are bits, so that one prepared statement filters by any set of them. */
export const KIND_BITS: Readonly<Record<LibraryItem['kind'], number>> = { picture: 1, prompt: 2, generation: 4 };

// Listings are apart from items: counting and filtering then touch small rows only.
// Symbols (So, Sk) count as letters, so that a title's emoji can be found.
const TABLES = `
  CREATE TABLE items (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    starred INTEGER NOT NULL,
    trashed INTEGER NOT NULL,
    image_sha256 TEXT,
    file_modified_ms REAL NOT NULL,
    file_bytes INTEGER NOT NULL
  );
  CREATE INDEX items_by_time ON items (trashed, created_ms DESC, id DESC, kind, starred);
  CREATE INDEX items_by_image ON items (image_sha256) WHERE image_sha256 IS NOT NULL;
  CREATE TABLE listings (seq INTEGER PRIMARY KEY, json TEXT NOT NULL);
  CREATE TABLE parents (child TEXT NOT NULL, parent TEXT NOT NULL, PRIMARY KEY (child, parent)) WITHOUT ROWID;
  CREATE INDEX parents_by_parent ON parents (parent, child);
  CREATE VIRTUAL TABLE search USING fts5 (
    title, prompt, recipe, content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* M* Co So Sk'"
  );
`;

/** Makes the tables in an empty database, in one transaction with its version. */
export function createIndexTables(database: Database.Database): void {
  database.transaction(() => {
    database.exec(TABLES);
    database.pragma(`user_version = ${INDEX_VERSION}`);
  })();
}
