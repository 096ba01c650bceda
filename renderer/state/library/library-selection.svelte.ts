/** Which items are chosen, and where the keyboard is. Positions are those of the list on screen. */
export class LibrarySelection {
  #ids: ReadonlySet<string> = $state.raw(new Set());
  /** Where the next range begins. */
  #anchor = $state(0);
  #focus = $state(0);
  /** The item at the focus: what the details show. */
  #focusId: string | null = $state(null);

  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  get size(): number {
    return this.#ids.size;
  }

  get focus(): number {
    return this.#focus;
  }

  get anchor(): number {
    return this.#anchor;
  }

  get focusId(): string | null {
    return this.#focusId;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** This one alone. */
  only(index: number, id: string): void {
    this.#ids = new Set([id]);
    this.#move(index, id);
    this.#anchor = index;
  }

  /** In or out, the others as they are. */
  toggle(index: number, id: string): void {
    const ids = new Set(this.#ids);
    if (!ids.delete(id)) ids.add(id);
    this.#ids = ids;
    this.#move(index, id);
    this.#anchor = index;
  }

  /** Everything from the anchor to here; `ids` are the items in between. */
  range(index: number, id: string, ids: Iterable<string>): void {
    this.#ids = new Set(ids);
    this.#move(index, id);
  }

  all(ids: Iterable<string>): void {
    this.#ids = new Set(ids);
  }

  /** These together, with the focus at one of them; null leaves it where it is. */
  gather(ids: ReadonlySet<string>, at: { readonly index: number; readonly id: string } | null): void {
    this.#ids = ids;
    if (at === null) return;
    this.#move(at.index, at.id);
    this.#anchor = at.index;
  }

  /** @returns Puts everything back as it is now. */
  remember(): () => void {
    const [ids, anchor, focus, focusId] = [this.#ids, this.#anchor, this.#focus, this.#focusId];
    return () => {
      this.#ids = ids;
      this.#anchor = anchor;
      this.#focus = focus;
      this.#focusId = focusId;
    };
  }

  /** Leaves the focus where it is. */
  clear(): void {
    this.#ids = new Set();
  }

  /** Items that are no longer there are no longer chosen. */
  drop(ids: Iterable<string>): void {
    const kept = new Set(this.#ids);
    for (const id of ids) kept.delete(id);
    if (kept.size !== this.#ids.size) this.#ids = kept;
  }

  reset(): void {
    this.#ids = new Set();
    this.#anchor = 0;
    this.#focus = 0;
    this.#focusId = null;
  }

  #move(index: number, id: string): void {
    this.#focus = index;
    this.#focusId = id;
  }
}
