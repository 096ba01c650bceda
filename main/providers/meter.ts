import type { Written } from '../ports/writer.ts';

/** Counts what a connection draws, and stops it at its spending limit. */
export interface Meter {
  /**
   * Asked before each picture that is paid.
   * @throws StudioError `tool-limited`
   */
  requireBudget(): void;
  /** Called for each picture that was drawn; tokens where the tool counts them. */
  count(usage: Written['usage']): Promise<void>;
}
