import type Database from 'better-sqlite3';
import type { LibraryItem } from '../../../contract/library.ts';

/** Raised when the tables or what is put into them change; an index of another version is made again from the items. */
export const INDEX_VERSION = 9;

/** Kinds are bits, so that one prepared statement filters by any set of them. */
export const KIND_BITS: Readonly<Record<LibraryItem['kind'], number>> = { picture: 1, prompt: 2, generation: 4 };

// Listings and grid rows are apart from items: counting, filtering and skipping then touch small rows, or an order's index alone.
// A stack is a number, because grouping by it is many times as fast as by an id.
// Strict, so that a check at the start finds values that are no longer of their kind.
// Symbols (So, Sk) count as letters, so that a title's emoji can be found.
const TABLES = `
  CREATE TABLE items (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    starred INTEGER NOT NULL,
    trashed INTEGER NOT NULL,
    title_key TEXT NOT NULL,
    subject TEXT NOT NULL,
    pack_id TEXT,
    fidelity REAL,
    image_sha256 TEXT,
    init_sha256 TEXT,
    mask_sha256 TEXT,
    lead TEXT,
    stack INTEGER NOT NULL,
    file_modified_ms REAL NOT NULL,
    file_bytes INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX items_by_time ON items (trashed, created_ms, id, kind, starred, pack_id);
  CREATE INDEX items_by_title ON items (trashed, title_key, id, kind, starred, pack_id, created_ms);
  CREATE INDEX items_by_fidelity ON items (trashed, fidelity, id, kind, starred, pack_id, created_ms);
  CREATE INDEX items_by_stack ON items (trashed, stack, created_ms, id, kind, starred, pack_id);
  CREATE INDEX items_by_lead ON items (lead) WHERE lead IS NOT NULL;
  CREATE INDEX items_by_image ON items (image_sha256) WHERE image_sha256 IS NOT NULL;
  CREATE INDEX items_by_init ON items (init_sha256) WHERE init_sha256 IS NOT NULL;
  CREATE INDEX items_by_mask ON items (mask_sha256) WHERE mask_sha256 IS NOT NULL;
  CREATE TABLE stacks (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE listings (seq INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT;
  CREATE TABLE grid_rows (seq INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT;
  CREATE TABLE board_items (board TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (board, seq)) WITHOUT ROWID, STRICT;
  CREATE INDEX board_items_by_item ON board_items (seq);
  CREATE TABLE parents (child TEXT NOT NULL, parent TEXT NOT NULL, PRIMARY KEY (child, parent)) WITHOUT ROWID, STRICT;
  CREATE INDEX parents_by_parent ON parents (parent, child);
  CREATE TABLE item_readings (sha256 TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (sha256, seq)) WITHOUT ROWID, STRICT;
  CREATE INDEX item_readings_by_item ON item_readings (seq);
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
