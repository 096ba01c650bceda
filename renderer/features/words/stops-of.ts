import type { Fidelity } from '../../../contract/recipe.ts';
import type { ResultList } from '../../state/canvas/result-list.svelte.ts';
import type { TextVersion } from '../../state/text/text-version-list.svelte.ts';
import { brief, fixed, say } from '../../language/say.ts';

/** One stop of the length dial. */
export interface LengthStop {
  readonly length: number;
  /** The accessible name. */
  readonly name: string;
  /** "0.87 ±.02", or null while nothing was measured. */
  readonly figure: string | null;
  /** Measured before the text was edited. */
  readonly stale: boolean;
  /** Counted from the shortest. */
  readonly index: number;
  readonly disabled: boolean;
}

interface Sources {
  /** What the text of a length draws, as `drawingKey`; null where the picture was not read at it. */
  readonly keyOf: (length: number) => string | null;
  readonly results: Pick<ResultList, 'fidelityOf' | 'fidelityFrom'>;
  readonly versions: readonly TextVersion[];
}

/** The stops with what is known of each: the fidelity of its text as it is, or of what it was before it was edited. */
export function stopsOf(lengths: readonly number[], { keyOf, results, versions }: Sources): LengthStop[] {
  return lengths.map((length, index) => {
    const key = keyOf(length);
    const present = key === null ? null : results.fidelityOf(key);
    const ids = new Set(versions.filter((version) => version.length === length).map((version) => version.itemId));
    const fidelity = present ?? (key === null ? null : results.fidelityFrom(ids));
    const stale = present === null && fidelity !== null;
    return {
      length,
      name:
        fidelity === null
          ? say('words.stop', { length })
          : say(stale ? 'words.stopStale' : 'words.stopFidelity', { length, fidelity: inWords(fidelity) }),
      figure: fidelity === null ? null : inFigures(fidelity),
      stale,
      index,
      disabled: key === null,
    };
  });
}

function inFigures({ mean, spread, perSeed }: Fidelity): string {
  return perSeed.length < 2 ? fixed(mean, 2) : `${fixed(mean, 2)} ±${brief(spread, 2)}`;
}

function inWords({ mean, spread, perSeed }: Fidelity): string {
  return perSeed.length < 2 ? fixed(mean, 2) : say('words.plusMinus', { mean: fixed(mean, 2), spread: fixed(spread, 2) });
}
