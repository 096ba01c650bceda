import type Database from 'better-sqlite3';
import type { LibraryItem } from '../../../contract/library.ts';
import type { FileStamp } from '../../files/file-stamp.ts';
import { KIND_BITS } from './index-schema.ts';

interface ItemColumns {
  readonly id: string;
  readonly kind: number;
  readonly createdMs: number;
  readonly starred: number;
  readonly trashed: number;
  readonly titleKey: string;
  readonly subject: string;
  readonly packId: string | null;
  readonly fidelity: number | null;
  readonly image: string | null;
  readonly init: string | null;
  readonly mask: string | null;
  /** The first item it was made from. */
  readonly lead: string | null;
  readonly modifiedMs: number;
  readonly bytes: number;
}

const TITLE_KEY_CHARACTERS = 80;

/** What titles are sorted by. */
export function toTitleKey(title: string): string {
  return title.toLowerCase().slice(0, TITLE_KEY_CHARACTERS);
}

/**
 * What is filtered and sorted by.
 *
 * @param title What the item is called in lists
 * @param subject What its text is about; empty for a picture
 */
export function toColumns(item: LibraryItem, stamp: FileStamp, title: string, subject: string): ItemColumns {
  return {
    id: item.id,
    kind: KIND_BITS[item.kind],
    createdMs: item.createdMs,
    starred: Number(item.starred),
    trashed: Number(item.trashed),
    titleKey: toTitleKey(title),
    subject,
    packId: packOf(item),
    fidelity: item.kind === 'generation' ? (item.fidelity?.mean ?? null) : null,
    image: item.kind === 'prompt' ? null : item.image.sha256,
    init: item.kind === 'generation' ? (item.recipe.init?.imageSha256 ?? null) : null,
    mask: item.kind === 'generation' ? (item.recipe.init?.maskSha256 ?? null) : null,
    lead: item.parents.find((parent) => parent !== item.id) ?? null,
    modifiedMs: stamp.modifiedMs,
    bytes: stamp.bytes,
  };
}

/** The pack a text was read with, or a picture drawn with; null for what no pack made. */
function packOf(item: LibraryItem): string | null {
  if (item.kind === 'prompt') return item.prompt.packId;
  return item.kind === 'generation' && item.recipe.kind === 'local' ? item.recipe.pack.id : null;
}

/** The statements that every item passes through. */
export function prepareStatements(database: Database.Database) {
  return {
    find: database.prepare<[string], { seq: number; stack: number }>('SELECT seq, stack FROM items WHERE id = ?'),
    insertItem: database.prepare<[ItemColumns & { readonly stack: number }]>(
      `INSERT INTO items (id, kind, created_ms, starred, trashed, title_key, subject, pack_id, fidelity, image_sha256, init_sha256, mask_sha256, lead,
         stack, file_modified_ms, file_bytes)
       VALUES (@id, @kind, @createdMs, @starred, @trashed, @titleKey, @subject, @packId, @fidelity, @image, @init, @mask, @lead, @stack, @modifiedMs, @bytes)`,
    ),
    insertListing: database.prepare<[number | bigint, string]>('INSERT INTO listings (seq, json) VALUES (?, ?)'),
    insertGridRow: database.prepare<[number | bigint, string]>('INSERT INTO grid_rows (seq, json) VALUES (?, ?)'),
    insertSearch: database.prepare<[number | bigint, string, string, string]>(
      'INSERT INTO search (rowid, title, prompt, recipe) VALUES (?, ?, ?, ?)',
    ),
    /** What the first text that was read in a picture is about. */
    firstSubject: database
      .prepare<[string], string>(
        `SELECT subject FROM items WHERE lead = ? AND kind = ${KIND_BITS.prompt} AND subject <> '' ORDER BY created_ms, id LIMIT 1`,
      )
      .pluck(),
    retitle: database.prepare<[{ id: string; titleKey: string }]>('UPDATE items SET title_key = @titleKey WHERE id = @id'),
    replaceGridRow: database.prepare<[{ id: string; json: string }]>(
      'UPDATE grid_rows SET json = @json WHERE seq = (SELECT seq FROM items WHERE id = @id)',
    ),
    leadOf: database.prepare<[string], string | null>('SELECT lead FROM items WHERE id = ?').pluck(),
    insertParent: database.prepare<[string, string]>('INSERT INTO parents (child, parent) VALUES (?, ?)'),
    insertBoardItem: database.prepare<[string, number | bigint]>('INSERT INTO board_items (board, seq) VALUES (?, ?)'),
    insertReading: database.prepare<[string, number | bigint]>('INSERT INTO item_readings (sha256, seq) VALUES (?, ?)'),
    deleteReadings: database.prepare<[number]>('DELETE FROM item_readings WHERE seq = ?'),
    readings: database.prepare<[], string>('SELECT DISTINCT sha256 FROM item_readings').pluck(),
    deleteItem: database.prepare<[number]>('DELETE FROM items WHERE seq = ?'),
    deleteListing: database.prepare<[number]>('DELETE FROM listings WHERE seq = ?'),
    deleteGridRow: database.prepare<[number]>('DELETE FROM grid_rows WHERE seq = ?'),
    deleteSearch: database.prepare<[number]>('DELETE FROM search WHERE rowid = ?'),
    deleteParents: database.prepare<[string]>('DELETE FROM parents WHERE child = ?'),
    deleteBoardItems: database.prepare<[number]>('DELETE FROM board_items WHERE seq = ?'),
    get: database.prepare<[string], string>('SELECT json FROM items JOIN listings USING (seq) WHERE id = ?').pluck(),
    byImage: database
      .prepare<[string], string>(
        'SELECT json FROM items JOIN listings USING (seq) WHERE image_sha256 = ? ORDER BY created_ms, id',
      )
      .pluck(),
    refersTo: database
      .prepare<[{ sha256: string }], number>(
        `SELECT EXISTS (SELECT 1 FROM items WHERE image_sha256 = @sha256) OR EXISTS (SELECT 1 FROM items WHERE init_sha256 = @sha256)
           OR EXISTS (SELECT 1 FROM items WHERE mask_sha256 = @sha256)
           OR EXISTS (SELECT 1 FROM item_readings WHERE sha256 = @sha256)`,
      )
      .pluck(),
    count: database.prepare<[], number>('SELECT count(*) FROM items').pluck(),
    stamps: database.prepare<[], [string, number, number]>('SELECT id, file_modified_ms, file_bytes FROM items').raw(),
    references: database
      .prepare<[], string>(
        `SELECT image_sha256 FROM items WHERE image_sha256 IS NOT NULL UNION SELECT init_sha256 FROM items WHERE init_sha256 IS NOT NULL
           UNION SELECT mask_sha256 FROM items WHERE mask_sha256 IS NOT NULL`,
      )
      .pluck(),
    images: database.prepare<[], { id: string; sha256: string }>(
      'SELECT id, image_sha256 AS sha256 FROM items WHERE image_sha256 IS NOT NULL',
    ),
    boards: database.prepare<[], string>('SELECT DISTINCT board FROM board_items').pluck(),
  };
}
