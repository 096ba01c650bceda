import type Database from 'better-sqlite3';
import type { LibraryItem, LibraryPage, LibraryQuery, Lineage } from '../../../contract/library.ts';
import type { Recipe } from '../../../contract/recipe.ts';
import { countLibrary } from './count-library.ts';
import { loadLexiconNow } from '../../language/lexicon.ts';
import { nameSubject } from '../../language/name-subject.ts';
import type { LibraryCounts } from './count-library.ts';
import { nameOfItem, titleOf } from '../item-title.ts';
import { readingsOf } from '../readings-of.ts';
import type { FileStamp } from '../../files/file-stamp.ts';
import { prepareStatements, toColumns, toTitleKey } from './index-statements.ts';
import { partWords } from './part-words.ts';
import { prepareItemQuery } from './prepare-item-query.ts';
import { prepareLineageQuery } from './prepare-lineage-query.ts';
import { readListedItem } from './read-listed-item.ts';
import { RowQueries } from './row-queries.ts';
import { sealJson } from './seal-json.ts';
import { StackTable } from './stack-table.ts';
import { StatementCache } from './statement-cache.ts';
import { toLibraryRow } from './to-library-row.ts';

/**
 * What the library knows of its items, for listing and searching. Everything here comes from item files and can be
 * made again. Every method is one SQLite call or one transaction; SqliteError passes through to the library.
 */
export class LibraryIndex {
  readonly query: (query: LibraryQuery) => LibraryPage;
  readonly lineage: (item: LibraryItem) => Lineage;
  readonly grid: RowQueries;
  readonly #cache: StatementCache;
  readonly #database: Database.Database;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #stacks: StackTable;
  readonly #put: (item: LibraryItem, stamp: FileStamp) => void;
  readonly #remove: (id: string) => void;

  /** @param database Holds the tables of index-schema.ts. */
  constructor(database: Database.Database) {
    this.#database = database;
    this.#statements = prepareStatements(database);
    this.#stacks = new StackTable(database);
    this.#put = database.transaction((item: LibraryItem, stamp: FileStamp) => {
      this.#write(item, stamp);
    });
    this.#remove = database.transaction((id: string) => {
      const lead = this.#statements.leadOf.get(id) ?? null;
      if (this.#erase(id) === undefined) return;
      this.#stacks.leave(id);
      if (lead !== null) this.#nameAfterText(lead);
    });
    this.#cache = new StatementCache(database);
    this.query = prepareItemQuery(this.#cache);
    this.grid = new RowQueries(this.#cache);
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

  /** As it lies in its file; a text of version 1 names readings that are stored when the item itself is read. */
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

  counts(): LibraryCounts {
    return countLibrary(this.#cache);
  }

  /** Every board some item names. */
  boards(): string[] {
    return this.#statements.boards.all();
  }

  /** True when an item shows this image or was drawn starting from it, or is a text that names this reading. */
  refersTo(sha256: string): boolean {
    return this.#statements.refersTo.get({ sha256 }) === 1;
  }

  /** The names of all readings that texts name. */
  readings(): Set<string> {
    return new Set(this.#statements.readings.all());
  }

  /** The stamp every item's file had when it was read, by item id. */
  stamps(): Map<string, FileStamp> {
    return new Map(this.#statements.stamps.all().map(([id, modifiedMs, bytes]) => [id, { modifiedMs, bytes }]));
  }

  /** Every image that an item shows or was drawn starting from. */
  references(): string[] {
    return this.#statements.references.all();
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
    const stackBefore = this.#erase(item.id);
    const subject = subjectOf(item);
    const title = titleOf(item, item.kind === 'picture' ? this.#readSubject(item.id) : subject);
    const columns = toColumns(item, stamp, title, subject);
    const stack = this.#stacks.find(item.id, columns.lead);
    const { lastInsertRowid: seq } = statements.insertItem.run({ ...columns, stack });
    if (stack !== stackBefore) this.#stacks.gather(item.id, stack);
    statements.insertListing.run(seq, sealJson(item));
    statements.insertGridRow.run(seq, sealJson(toLibraryRow(item, title)));
    const [found, prompt, recipe] = searchTexts(item).map(partWords);
    statements.insertSearch.run(seq, found ?? '', prompt ?? '', recipe ?? '');
    for (const parent of new Set(item.parents)) statements.insertParent.run(item.id, parent);
    for (const reading of readingsOf(item)) statements.insertReading.run(reading, seq);
    for (const board of new Set(item.boards)) statements.insertBoardItem.run(board, seq);
    if (item.kind === 'prompt' && columns.lead !== null) this.#nameAfterText(columns.lead);
  }

  /** A picture whose file says nothing is called by what was read in it. */
  #nameAfterText(id: string): void {
    const picture = this.get(id);
    if (picture?.kind !== 'picture' || nameOfItem(picture) !== '') return;
    const title = titleOf(picture, this.#readSubject(id));
    this.#statements.retitle.run({ id, titleKey: toTitleKey(title) });
    this.#statements.replaceGridRow.run({ id, json: sealJson(toLibraryRow(picture, title)) });
  }

  #readSubject(pictureId: string): string {
    return this.#statements.firstSubject.get(pictureId) ?? '';
  }

  /** @returns The stack it lay in; undefined when there was no such item. */
  #erase(id: string): number | undefined {
    const statements = this.#statements;
    const { seq, stack } = statements.find.get(id) ?? {};
    if (seq === undefined) return undefined;
    statements.deleteItem.run(seq);
    statements.deleteListing.run(seq);
    statements.deleteGridRow.run(seq);
    statements.deleteSearch.run(seq);
    statements.deleteBoardItems.run(seq);
    statements.deleteReadings.run(seq);
    statements.deleteParents.run(id);
    return stack;
  }
}

/** What an item's text is about; empty for a picture. */
function subjectOf(item: LibraryItem): string {
  if (item.kind === 'picture') return '';
  return nameSubject(item.kind === 'prompt' ? item.text : item.recipe.text, loadLexiconNow());
}

/** What search finds: the title, the prompt's text, and the recipe's. */
function searchTexts(item: LibraryItem): [title: string, prompt: string, recipe: string] {
  if (item.kind === 'prompt') return [item.title, item.text, ''];
  if (item.kind === 'picture') return [item.title, '', ''];
  return [item.title, '', wordsOf(item.recipe).join('\n')];
}

function wordsOf(recipe: Recipe): (string | number)[] {
  if (recipe.kind === 'tool') return [recipe.text, recipe.tool, recipe.model, recipe.seed ?? ''];
  return [recipe.text, recipe.negative, recipe.scheduler, recipe.seed, recipe.pack.id];
}
