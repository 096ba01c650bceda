import type Database from 'better-sqlite3';

/**
 * Which stack every item of the index lies in. An item's lead is the first it was made from, a lead's lead what that was made from;
 * the stack is named by the last of them, the original. Where one on the way has been deleted for good, the stack is named by that
 * one's id, so that what was made from it stays together. The order in which items come makes no difference.
 */
export class StackTable {
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: Database.Database) {
    this.#statements = prepareStatements(database);
  }

  /** The number of the stack that an item with this lead lies in. */
  find(id: string, lead: string | null): number {
    if (lead === null) return this.#number(id);
    return this.#statements.ofItem.get(lead) ?? this.#number(lead);
  }

  /** Takes everything that was made from an item into its stack: it came after them, or has another lead now. */
  gather(id: string, stack: number): void {
    if (this.#statements.isLead.get(id) === 1) this.#statements.gather.run({ id, stack });
  }

  /** The item is gone: what was made from it is a stack by itself. */
  leave(id: string): void {
    if (this.#statements.isLead.get(id) === 1) this.gather(id, this.#number(id));
  }

  #number(id: string): number {
    this.#statements.name.run(id);
    const number = this.#statements.numberOf.get(id);
    if (number === undefined) throw new Error(`the stack ${id} has just been named`);
    return number;
  }
}

function prepareStatements(database: Database.Database) {
  return {
    ofItem: database.prepare<[string], number>('SELECT stack FROM items WHERE id = ?').pluck(),
    name: database.prepare<[string]>('INSERT OR IGNORE INTO stacks (id) VALUES (?)'),
    numberOf: database.prepare<[string], number>('SELECT number FROM stacks WHERE id = ?').pluck(),
    isLead: database.prepare<[string], number>('SELECT EXISTS (SELECT 1 FROM items WHERE lead = ?)').pluck(),
    // UNION, not UNION ALL: leads that form a ring come to an end.
    gather: database.prepare<[{ id: string; stack: number }]>(
      `WITH RECURSIVE below (id) AS (
         SELECT id FROM items WHERE lead = @id UNION SELECT items.id FROM below JOIN items ON items.lead = below.id
       )
       UPDATE items SET stack = @stack WHERE id IN (SELECT id FROM below) AND stack <> @stack`,
    ),
  };
}
