import type { DrawingMemory, DrawingMemoryQuestion } from '../../../contract/models/drawing-memory.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import { NewestQuestion } from '../core/newest-question.ts';
import type { DrawPlace } from './draw-place.svelte.ts';

interface Options {
  readonly client: StudioClient;
  readonly drawPlace: Pick<DrawPlace, 'connectionId'>;
}

/** A drawing that does not fit, or hardly does. */
export type FitTrouble = DrawingMemory & { readonly verdict: Exclude<DrawingMemory['verdict'], 'fits'> };

/** Whether the next picture fits into this machine's memory, told before it is drawn. */
export class DrawingFit {
  #memory: DrawingMemory | null = $state.raw(null);
  readonly #questions = new NewestQuestion();
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** What there is to tell: null where it fits well, where a tool draws, and as long as it is not known. */
  get trouble(): FitTrouble | null {
    if (this.#memory === null || this.#options.drawPlace.connectionId !== null) return null;
    const { verdict } = this.#memory;
    return verdict === 'fits' ? null : { ...this.#memory, verdict };
  }

  /** Asks anew, for what is set now. A core that does not answer tells nothing: the drawing itself will. */
  async look(question: DrawingMemoryQuestion): Promise<void> {
    const isNewest = this.#questions.ask();
    if (this.#options.drawPlace.connectionId !== null) return;
    const memory = await this.#options.client.packs.memory(question).catch(() => null);
    if (isNewest()) this.#memory = memory;
  }
}
