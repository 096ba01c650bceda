/** How the tables of batches grew; see `openStoredDatabase`. */
export const BATCH_TABLES = [
  `
  CREATE TABLE batches (
    id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    settings TEXT NOT NULL,
    state TEXT NOT NULL,
    job_id TEXT,
    error TEXT
  );
  CREATE TABLE batch_rows (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    batch_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    sha256 TEXT,
    picture_id TEXT,
    thumbhash TEXT,
    state TEXT NOT NULL,
    crashes INTEGER NOT NULL DEFAULT 0,
    error TEXT
  );
  CREATE INDEX batch_rows_by_position ON batch_rows (batch_id, position);
  CREATE INDEX batch_rows_by_state ON batch_rows (batch_id, state, position);
  CREATE INDEX batch_rows_by_picture ON batch_rows (batch_id, sha256);
  CREATE TABLE batch_texts (
    row_seq INTEGER NOT NULL,
    length INTEGER NOT NULL,
    item_id TEXT NOT NULL,
    text TEXT NOT NULL,
    fidelity_mean REAL,
    fidelity_spread REAL,
    PRIMARY KEY (row_seq, length)
  ) WITHOUT ROWID;
`,
] as const;
