import type { StudioEvent } from '../../../contract/events.ts';
import type { Command } from './command.ts';

/** A workspace on a page. Its state lies behind these, so that the page knows of no place what it is about. */
export interface OpenedWorkspace {
  /** What can be done there, and what it lets be done from everywhere. */
  readonly commands: readonly Command[];
  /** Hands its components their part, as a context; called while the page's root component is made. */
  readonly provide?: () => void;
  /** The core said something. */
  readonly receive?: (event: StudioEvent) => void;
  /** The core answers, for the first time or again. */
  readonly greet?: () => Promise<void>;
  /** What has to survive a reload: `keep` writes it down, `kept` reads all of it, so that an effect runs after each change. */
  readonly draft?: { keep(): void; readonly kept: unknown };
  /** Files on their way to it that the core has no work for yet. */
  readonly coming?: () => number;
  /** The readings its texts come from, undone steps included: they must not be deleted with their pictures. */
  readonly heldReadings?: () => readonly string[];
}

/** The places that registered themselves, opened on this page: what concerns all of them goes through here. */
export class OpenedWorkspaces {
  #opened: readonly OpenedWorkspace[] = [];

  take(opened: readonly OpenedWorkspace[]): void {
    this.#opened = opened;
  }

  get commands(): readonly Command[] {
    return this.#opened.flatMap(({ commands }) => commands);
  }

  /** Hands the components of each their part; called while the root component is made. */
  provide(): void {
    for (const { provide } of this.#opened) provide?.();
  }

  receive(event: StudioEvent): void {
    for (const { receive } of this.#opened) receive?.(event);
  }

  /** One promise a workspace, so that what fails in one holds up no other. */
  greet(): readonly Promise<void>[] {
    return this.#opened.flatMap(({ greet }) => greet?.() ?? []);
  }

  keep(): void {
    for (const { draft } of this.#opened) draft?.keep();
  }

  /** Everything that `keep` writes down. */
  get kept(): unknown {
    return this.#opened.map(({ draft }) => draft?.kept);
  }

  get coming(): number {
    return this.#opened.reduce((sum, { coming }) => sum + (coming?.() ?? 0), 0);
  }

  get heldReadings(): readonly string[] {
    return this.#opened.flatMap(({ heldReadings }) => heldReadings?.() ?? []);
  }
}
