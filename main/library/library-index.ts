import type Database from 'better-sqlite3';
import type { LibraryItem, LibraryPage, LibraryQuery, Lineage } from '../../contract/library.ts';
import type { FileStamp } from './file-stamp.ts';
import { KIND_BITS } from './index-schema.ts';
import { prepareItemQuery } from './prepare-item-query.ts';
import { prepareLineageQuery } from './prepare-lineage-query.ts';
import { readListedItem } from './read-listed-item.ts';
import { toListedItem } from './to-listed-item.ts';

type Row = [
  id: string,
  kind: number,
  createdMs: number,
  starred: number,
  trashed: number,
  image: string | null,
  modifiedMs: number,
  bytes: number,
];

/**
 * What the library knows of its items, for listing and searching. Everything here comes from item files and can be
 * made again. Every method is one SQLite call or one transaction; SqliteError passes through to the library.
 */
export class LibraryIndex {
  readonly query: (query: LibraryQuery) => LibraryPage;
  readonly lineage: (item: LibraryItem) => Lineage;
  readonly #database: Database.Database;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #put: (item: LibraryItem, stamp: FileStamp) => void;
  readonly #remove: (id: string) => void;

  /** @param database Holds the tables of index-schema.ts. */
  constructor(database: Database.Database) {
    this.#database = database;
    this.#statements = prepareStatements(database);
    this.#put = database.transaction((item: LibraryItem, stamp: FileStamp) => {
      this.#write(item, stamp);
    });
    this.#remove = database.transaction((id: string) => {
      this.#erase(id);
    });
    this.query = prepareItemQuery(database);
    this.lineage = prepareLineageQuery(database);
  }

  put(item: LibraryItem, stamp: FileStamp): void {
    this.#put(item, stamp);
  }

  remove(id: string): void {
    this.#remove(id);
  }

  /** Runs several changes as one: all of them or none. */
  together(work: () => void): void {
    this.#database.transaction(work)();
  }

  /** As lists carry it: see to-listed-item.ts. */
  get(id: string): LibraryItem | undefined {
    const json = this.#statements.get.get(id);
    return json === undefined ? undefined : readListedItem(json);
  }

  /** Items with an image of that name, oldest first. */
  findByImage(sha256: string): LibraryItem[] {
    return this.#statements.byImage.all(sha256).map(readListedItem);
  }

  count(): number {
    return this.#statements.count.get() ?? 0;
  }

  /** The stamp every item's file had when it was read, by item id. */
  stamps(): Map<string, FileStamp> {
    return new Map(this.#statements.stamps.all().map(([id, modifiedMs, bytes]) => [id, { modifiedMs, bytes }]));
  }

  /** Ids and image names of the items that have an image. */
  images(): { id: string; sha256: string }[] {
    return this.#statements.images.all();
  }

  close(): void {
    this.#database.close();
  }

  #write(item: LibraryItem, stamp: FileStamp): void {
    const statements = this.#statements;
    this.#erase(item.id);
    const image = item.kind === 'prompt' ? null : item.image.sha256;
    const { lastInsertRowid: seq } = statements.insertItem.run(
      item.id,
      KIND_BITS[item.kind],
      item.createdMs,
      Number(item.starred),
      Number(item.trashed),
      image,
      stamp.modifiedMs,
      stamp.bytes,
    );
    statements.insertListing.run(seq, JSON.stringify(toListedItem(item)));
    statements.insertSearch.run(seq, item.title, ...searchTexts(item));
    for (const parent of new Set(item.parents)) statements.insertParent.run(item.id, parent);
  }

  #erase(id: string): void {
    const statements = this.#statements;
    const seq = statements.findSeq.get(id);
    if (seq === undefined) return;
    statements.deleteItem.run(seq);
    statements.deleteListing.run(seq);
    statements.deleteSearch.run(seq);
    statements.deleteParents.run(id);
  }
}

/** What search finds besides the title: the prompt's text, and the recipe's. */
function searchTexts(item: LibraryItem): [prompt: string, recipe: string] {
  if (item.kind === 'prompt') return [item.text, ''];
  if (item.kind === 'picture') return ['', ''];
  const { text, negative, scheduler, seed, pack } = item.recipe;
  return ['', [text, negative, scheduler, seed, pack.id].join('\n')];
}

function prepareStatements(database: Database.Database) {
  return {
    findSeq: database.prepare<[string], number>('SELECT seq FROM items WHERE id = ?').pluck(),
    insertItem: database.prepare<Row>(
      `INSERT INTO items (id, kind, created_ms, starred, trashed, image_sha256, file_modified_ms, file_bytes)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertListing: database.prepare<[number | bigint, string]>('INSERT INTO listings (seq, json) VALUES (?, ?)'),
    insertSearch: database.prepare<[number | bigint, string, string, string]>(
      'INSERT INTO search (rowid, title, prompt, recipe) VALUES (?, ?, ?, ?)',
    ),
    insertParent: database.prepare<[string, string]>('INSERT INTO parents (child, parent) VALUES (?, ?)'),
    deleteItem: database.prepare<[number]>('DELETE FROM items WHERE seq = ?'),
    deleteListing: database.prepare<[number]>('DELETE FROM listings WHERE seq = ?'),
    deleteSearch: database.prepare<[number]>('DELETE FROM search WHERE rowid = ?'),
    deleteParents: database.prepare<[string]>('DELETE FROM parents WHERE child = ?'),
    get: database.prepare<[string], string>('SELECT json FROM items JOIN listings USING (seq) WHERE id = ?').pluck(),
    byImage: database
      .prepare<[string], string>(
        'SELECT json FROM items JOIN listings USING (seq) WHERE image_sha256 = ? ORDER BY created_ms, id',
      )
      .pluck(),
    count: database.prepare<[], number>('SELECT count(*) FROM items').pluck(),
    stamps: database.prepare<[], [string, number, number]>('SELECT id, file_modified_ms, file_bytes FROM items').raw(),
    images: database.prepare<[], { id: string; sha256: string }>(
      'SELECT id, image_sha256 AS sha256 FROM items WHERE image_sha256 IS NOT NULL',
    ),
  };
}
