import type { Job, MeasureSettings, ReSolveRequest, WordValue } from '../../../../contract/job.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import { drawingOptionsOf } from '../../../../contract/recipe.ts';
import type { GenerateSettings } from '../../../../contract/recipe.ts';
import { contentWords } from '../../../../contract/texts/words.ts';
import type { Drawing } from '../../canvas/drawing.svelte.ts';
import { isEnded } from '../../core/job-list.svelte.ts';
import type { JobList } from '../../core/job-list.svelte.ts';
import type { OpenWork } from '../open-work.svelte.ts';
import type { PromptEditing } from '../prompt-editing.svelte.ts';
import { drawingKey } from '../prompt-text.ts';
import { recipeKey } from '../../canvas/result-list.svelte.ts';
import type { Generation } from '../../canvas/result-list.svelte.ts';
import { valueLevels } from './value-levels.ts';
import { WordJob } from './word-job.svelte.ts';
import { say } from '../../../language/say.ts';

interface Options {
  readonly work: OpenWork;
  readonly editing: PromptEditing;
  readonly jobs: JobList;
  readonly drawing: Drawing;
  readonly settings: () => GenerateSettings;
  /** Steps the pack takes where none were set. */
  readonly packSteps: () => number;
}

/** Enough steps to tell texts apart; pictures for the eye take more. */
const quickSteps = 8;

/** What looks into the open text: the value of each word, solving again around locks, and the drift loop. */
export class WordTools {
  /** Draws as many steps as the pictures have, instead of the few that tell texts apart. */
  thorough = $state(false);
  /** Pictures of each text. */
  seeds = $state(1);
  /** What decides between words when a text is solved again. */
  judge: ReSolveRequest['judge'] = $state('redraws');
  /** Pictures that solving again may draw, or losses it may ask for. */
  readonly budgets: Record<ReSolveRequest['judge'], number> = $state({ redraws: 64, loss: 600 });
  /** Colours the words by their values. */
  valuesShown = $state(true);
  readonly values: WordJob<'word-values'>;
  readonly solving: WordJob<'re-solve'>;
  readonly hearing: WordJob<'drift'>;
  readonly #options: Options;
  /** Undefined until somebody looks. */
  #pictureItemId: string | null | undefined = undefined;
  /** A value belongs to the word that was measured, not to the place: another word there has none. */
  readonly #measured = $derived.by(() => {
    const { finding } = this.values;
    if (finding === null) return null;
    const before = new Map(finding.request.document.slots.map((slot) => [slot.id, slot.tokenId]));
    const now = new Map(this.#options.work.document?.slots.map((slot) => [slot.id, slot.tokenId]));
    return finding.result.words.filter(({ slotIds }) => slotIds.every((id) => now.has(id) && now.get(id) === before.get(id)));
  });
  readonly #scale = $derived.by(() => {
    const words = this.#measured;
    return words === null ? null : valueLevels(words);
  });
  readonly #contentWords = $derived.by(() => contentWords(this.#options.work.document?.slots ?? []).length);

  constructor(options: Options) {
    this.#options = options;
    this.values = new WordJob('word-values', options.jobs);
    this.solving = new WordJob('re-solve', options.jobs);
    this.hearing = new WordJob('drift', options.jobs);
  }

  /** Steps −4..4 for the words of the text on screen, and what the fullest stands for; null while nothing was measured. */
  get scale() {
    return this.valuesShown ? this.#scale : null;
  }

  /** What the word of a token was found to be worth; null where it was not measured, or is another by now. */
  valueOf(slotId: string): WordValue | null {
    return this.valuesShown ? (this.#measured?.find((word) => word.slotIds.includes(slotId)) ?? null) : null;
  }

  /** True when the text is no longer the one that was measured. */
  get valuesAreOld(): boolean {
    return this.values.finding !== null && this.#isOld(this.values.finding.request.document);
  }

  /** True when the text is no longer the one that was solved. */
  get solutionIsOld(): boolean {
    return this.solving.finding !== null && this.#isOld(this.solving.finding.request.document);
  }

  /** True when the text is no longer the one that was laid beside what was heard. */
  get heardIsOld(): boolean {
    return this.hearing.finding !== null && this.#isOld(this.hearing.finding.request.document);
  }

  /** Pictures that measuring the words of the open document draws: each text without one word, and the whole, for each seed. */
  get picturesToMeasure(): number {
    return (this.#contentWords + 1) * this.seeds;
  }

  /** The newest picture drawn from exactly the open text, which is what is listened to; null when there is none. */
  get heardPicture(): Generation | null {
    const { work, drawing } = this.#options;
    const key = drawingKey(work.document?.slots ?? []);
    const own = drawing.results.items.filter((item) => recipeKey(item.recipe) === key);
    return own.find((item) => item.id === drawing.results.selected?.id) ?? own[0] ?? null;
  }

  /** Why words cannot be measured or solved now; null when they can. */
  whyNotMeasure(): string | null {
    const { work } = this.#options;
    if (work.document === null) return say('hindrance.noText');
    return work.picture === null ? say('words.noComparison') : null;
  }

  whyNotHear(): string | null {
    if (this.#options.work.document === null) return say('hindrance.noText');
    return this.heardPicture === null ? say('words.notDrawn') : null;
  }

  measureValues(): Promise<void> {
    return this.values.start(async () => {
      const found = await this.#settled();
      return found === null ? null : { kind: 'word-values', ...found, settings: this.#measureSettings() };
    });
  }

  solve(): Promise<void> {
    this.solving.forget();
    return this.solving.start(async () => {
      const found = await this.#settled();
      return found === null
        ? null
        : { kind: 're-solve', ...found, settings: this.#measureSettings(), judge: this.judge, budget: this.budgets[this.judge] };
    });
  }

  hear(): Promise<void> {
    return this.hearing.start(async () => {
      await this.#options.editing.settle();
      const { document } = this.#options.work;
      const picture = this.heardPicture;
      if (document === null || picture === null) return null;
      return { kind: 'drift', document, imageSha256: picture.image.sha256 };
    });
  }

  /** The solved text takes the place of the open one. One undo takes it back. */
  acceptSolution(): void {
    const { finding } = this.solving;
    const { document } = this.#options.work;
    if (finding === null || document === null) return;
    const own = new Map(document.slots.map((slot) => [slot.id, slot]));
    // A stored job is lean: what a word that stayed knows of itself is in the open text.
    const slots = finding.result.document.slots.map((slot) => {
      const before = own.get(slot.id);
      return before?.tokenId === slot.tokenId ? before : slot;
    });
    this.#options.work.revise({ ...finding.result.document, slots }, say('history.step.solve'), null);
    this.solving.forget();
  }

  /** What was heard takes the place of what was said. One undo takes it back. */
  async takeHeard(): Promise<void> {
    const { finding } = this.hearing;
    if (finding === null) return;
    await this.#options.editing.apply({ type: 'take-heard', heard: finding.result.heard }, say('history.step.takeHeard'));
    this.hearing.forget();
  }

  /** Cancels whatever of this runs; false when nothing does. */
  get busy(): boolean {
    return this.values.busy || this.solving.busy || this.hearing.busy;
  }

  async cancel(): Promise<void> {
    await Promise.all([this.values.cancel(), this.solving.cancel(), this.hearing.cancel()]);
  }

  /**
   * After a reload: jobs over this picture that still run are waited for, and what the words of exactly this text were found to be
   * worth is there again when this resolves. The newest jobs come first.
   */
  async resume(jobs: readonly Job[]): Promise<void> {
    const sha256 = this.#options.work.picture?.sha256;
    for (const { id, request } of jobs.filter((job) => !isEnded(job))) {
      if (request.kind === 'word-values' && request.originalSha256 === sha256) void this.values.follow(id);
      if (request.kind === 're-solve' && request.originalSha256 === sha256) void this.solving.follow(id);
      if (request.kind === 'drift' && request.document.imageSha256 === sha256) void this.hearing.follow(id);
    }
    const measured = jobs.find(
      ({ state, request }) =>
        state === 'done' && request.kind === 'word-values' && request.originalSha256 === sha256 && !this.#isOld(request.document),
    );
    if (measured !== undefined) await this.values.recall(measured.id);
  }

  /** Which picture is on the canvas: what was found out about another one's text says nothing of it. */
  lookAt(pictureItemId: string | null): void {
    const before = this.#pictureItemId;
    this.#pictureItemId = pictureItemId;
    if (before === undefined || before === pictureItemId) return;
    for (const job of [this.values, this.solving, this.hearing]) job.forget();
  }

  #isOld(measured: PromptDocument): boolean {
    return drawingKey(measured.slots) !== drawingKey(this.#options.work.document?.slots ?? []);
  }

  async #settled(): Promise<{ readonly document: PromptDocument; readonly originalSha256: string } | null> {
    await this.#options.editing.settle();
    const { document, picture } = this.#options.work;
    return document === null || picture === null ? null : { document, originalSha256: picture.sha256 };
  }

  /** The settings of the pictures, with the seed of the picture on screen, so that what is measured is what is seen. */
  #measureSettings(): MeasureSettings {
    const { steps, guidance, scheduler, negative, width, height, seed, ...others } = this.#options.settings();
    const wanted = steps ?? this.#options.packSteps();
    return {
      steps: this.thorough ? wanted : Math.min(wanted, quickSteps),
      count: this.seeds,
      seed: this.#options.drawing.results.selected?.recipe.seed ?? seed ?? 1,
      ...drawingOptionsOf(others),
      ...(guidance === undefined ? {} : { guidance }),
      ...(scheduler === undefined ? {} : { scheduler }),
      ...(negative === undefined ? {} : { negative }),
      ...(width === undefined || height === undefined ? {} : { width, height }),
    };
  }
}
