import type { Studio } from '../../studio.ts';
import type { ProgressDisplay } from './output/progress-display.ts';

/**
 * Which library a command works on: a throw-away one that is removed at the end, the artist's own, or the artist's own just
 * to look at, which also works beside a running studio.
 */
export type LibraryChoice = 'temporary' | 'own' | 'look';

/** What every command receives. */
export interface CommandContext {
  /** Aborted by the first Ctrl+C. */
  readonly signal: AbortSignal;
  readonly progress: ProgressDisplay;
  /** A line for a person, on stderr. */
  readonly say: (line: string) => void;
  /** The one result, before the command ends: for commands that go on, as `serve` does. */
  readonly present: (result: CommandResult) => Promise<void>;
  /**
   * One of many results, printed at once: with `--json` an element of the document's `images`. The result the command returns closes
   * the list.
   */
  readonly presentImage: (part: Pick<CommandResult, 'document' | 'text'>) => Promise<void>;
  /** Opens the studio in this process; it is closed when the command ends. */
  readonly openStudio: (library: LibraryChoice) => Promise<Studio>;
}

/** What a command found. */
export interface CommandResult {
  /** The one JSON document of `--json`. */
  readonly document: Readonly<Record<string, unknown>>;
  /** The same for a person, on stdout; without control characters except line ends. */
  readonly text: string;
  /** True when a part failed: the result is printed and the exit code is 1. */
  readonly failed: boolean;
}

/** A command, ready to run; null when it has presented its result itself. */
export type RunCommand = (context: CommandContext) => Promise<CommandResult | null>;

/** Takes the command the arguments named. */
export type ChooseCommand = (run: RunCommand) => void;
