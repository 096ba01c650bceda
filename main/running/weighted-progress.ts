import type { Progress, RunContext } from './run-context.ts';

/**
 * Makes one fraction out of the phases of a long call: each phase reports 0..1 of itself, and the whole moves by the
 * phase's share of all weights. Phases run in the order they are given; when a later one reports, those before it
 * count as done, so a phase that was skipped leaves no hole. The whole never falls.
 *
 *     const progress = new WeightedProgress(context, { load: 1, draw: 20, save: 1 });
 *     await pipeline.generate(settings, progress.part('draw'));
 *
 * Where parts come one by one and nobody knows how many, one phase stands for all of them and `span` gives each its stretch.
 */
export class WeightedProgress<Context extends RunContext, Phase extends string> {
  readonly #context: Context;
  readonly #phases: readonly { readonly name: string; readonly weight: number; readonly before: number }[];
  readonly #total: number;
  #fraction = 0;

  /** @param weights Positive numbers of any scale, roughly the time each phase takes. */
  constructor(context: Context, weights: Readonly<Record<Phase, number>>) {
    let before = 0;
    this.#context = context;
    this.#phases = Object.entries<number>(weights).map(([name, weight]) => {
      const phase = { name, weight, before };
      before += weight;
      return phase;
    });
    this.#total = before;
  }

  /** The context to give to one phase; everything but the progress is passed through. */
  part(name: Phase): Context {
    const phase = this.#phases.find((each) => each.name === name) ?? { weight: 0, before: this.#total };
    return this.span(phase.before, phase.weight);
  }

  /** The context to give to a stretch of the whole; `before` and `weight` are on the scale of the weights. */
  span(before: number, weight: number): Context {
    const onProgress = (progress: Progress): void => {
      const within = Math.min(1, Math.max(0, progress.fraction));
      const whole = (before + weight * within) / this.#total;
      // A fraction that is no number compares as false and so changes nothing.
      if (whole > this.#fraction) this.#fraction = Math.min(1, whole);
      this.#context.onProgress({ ...progress, fraction: this.#fraction });
    };
    return { ...this.#context, onProgress };
  }
}
