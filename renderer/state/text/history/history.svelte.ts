import { say } from '../../../language/say.ts';

/** One state and the name of the act that led to it. */
export interface HistoryEntry<State> {
  readonly state: State;
  readonly label: string;
  /** When it was done, in ms since 1970. */
  readonly atMs: number;
}

/** What the journal keeps of a history. */
export interface HistoryRecord<State> {
  readonly entries: readonly HistoryEntry<State>[];
  readonly index: number;
}

const longestHistory = 500;

/**
 * Undo and redo over immutable states. What comes of one act becomes one step, and an act goes on until a person pauses for
 * `pauseMs`, so that a sentence typed is one undo and not one a letter.
 */
export class History<State> {
  #entries: readonly HistoryEntry<State>[] = $state.raw([]);
  #index = $state(0);
  /** The act that the last step came of. */
  #lastAct: string | null = null;
  #acting = { kind: '', count: 0, atMs: 0 };
  readonly #now: () => number;
  readonly #pauseMs: number;

  constructor(initial: State, now: () => number, pauseMs = 1200) {
    this.#entries = [{ state: initial, label: say('history.step.start'), atMs: now() }];
    this.#now = now;
    this.#pauseMs = pauseMs;
  }

  get present(): State {
    const entry = this.#entries[this.#index];
    if (entry === undefined) throw new Error('A history always has a present.');
    return entry.state;
  }

  get canUndo(): boolean {
    return this.#index > 0;
  }

  get canRedo(): boolean {
    return this.#index < this.#entries.length - 1;
  }

  /** Every step there is, the undone ones included. */
  get entries(): readonly HistoryEntry<State>[] {
    return this.#entries;
  }

  /** Which of the entries is the present. */
  get index(): number {
    return this.#index;
  }

  /** Goes to a step, back or forth. */
  jump(index: number): void {
    this.#index = Math.min(Math.max(0, index), this.#entries.length - 1);
    this.#lastAct = null;
  }

  /** What undo would take back, for tooltips; null when there is nothing. */
  get undoLabel(): string | null {
    return this.canUndo ? (this.#entries[this.#index]?.label ?? null) : null;
  }

  get redoLabel(): string | null {
    return this.#entries[this.#index + 1]?.label ?? null;
  }

  /**
   * A person does something of this kind now: the act before goes on, or another begins. Ask when it is done and not when what came
   * of it is there, because a core that takes long is no pause.
   * @returns what `commit` knows the act by
   */
  act(kind: string): string {
    const atMs = this.#now();
    const goesOn = kind === this.#acting.kind && atMs - this.#acting.atMs < this.#pauseMs;
    this.#acting = { kind, atMs, count: this.#acting.count + (goesOn ? 0 : 1) };
    return `${kind} ${this.#acting.count}`;
  }

  /** @param act what this came of; with the step before, where that came of the same */
  commit(state: State, label: string, act: string | null = null): void {
    const joins = act !== null && act === this.#lastAct && this.canUndo;
    const kept = this.#entries.slice(0, joins ? this.#index : this.#index + 1);
    this.#entries = [...kept, { state, label, atMs: this.#now() }].slice(-longestHistory);
    this.#index = this.#entries.length - 1;
    this.#lastAct = act;
  }

  /** Changes the present without a step of its own: facts that arrived late, such as the id a saved text got. */
  amend(state: State): void {
    this.#entries = this.#entries.map((entry, index) => (index === this.#index ? { ...entry, state } : entry));
  }

  /** Changes every state without a step of its own. */
  amendAll(change: (state: State) => State): void {
    this.#entries = this.#entries.map((entry) => ({ ...entry, state: change(entry.state) }));
  }

  undo(): void {
    if (this.canUndo) this.#index -= 1;
    this.#lastAct = null;
  }

  redo(): void {
    if (this.canRedo) this.#index += 1;
    this.#lastAct = null;
  }

  /**
   * At most `limit` entries for the journal, the present among them and at its place: the newest steps, unless so many were undone
   * that the present is not one of them; then those around it.
   */
  record(limit: number): HistoryRecord<State> {
    const newest = Math.max(0, this.#entries.length - limit);
    const around = Math.max(0, this.#index - Math.floor((limit - 1) / 2));
    const start = Math.min(newest, around);
    return { entries: this.#entries.slice(start, start + limit), index: this.#index - start };
  }

  restore(record: HistoryRecord<State>): void {
    if (record.entries.length === 0) return;
    this.#entries = record.entries;
    this.#index = Math.min(Math.max(0, record.index), record.entries.length - 1);
    this.#lastAct = null;
  }
}
