import { blendRequestSchema, builtInWriter } from '../../../contract/texts/blend.ts';
import type { Blend, BlendChecks, BlendedText } from '../../../contract/texts/blend.ts';
import type { ErrorBody } from '../../../contract/errors.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type { PromptComparison, PromptDocument } from '../../../contract/texts/prompt.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import { NewestQuestion } from '../core/newest-question.ts';
import { runningText } from '../text/prompt-text.ts';
import { blendKeys, byPlaces, objectOf } from './blend-state.ts';
import type { BlendedVersion, BlendKey, Mix } from './blend-state.ts';
import { asTyped } from './blend-texts.svelte.ts';
import type { BlendTexts } from './blend-texts.svelte.ts';
import { keepLocked } from './keep-locked.ts';
import { mixByPlace, placesOf } from './mix-by-place.ts';
import type { MixPlace } from './mix-by-place.ts';
import { say } from '../../language/say.ts';

/** What a writer has written so far; `attempt` 2 when it was asked again. */
export interface Written {
  readonly attempt: number;
  readonly keys: readonly BlendKey[];
  readonly aPlusB: string;
  readonly bPlusA: string;
}

const nothing = { aPlusB: '', bPlusA: '' };

/** From two texts to their blends: by the rules, by a language model while one looks on, or place by place. */
export class BlendWriting {
  #now: Written | null = $state.raw(null);
  #error: ErrorBody | null = $state.raw(null);
  /** How a proposed text differs from the one that is there. */
  #comparisons: Readonly<Record<BlendKey, PromptComparison | null>> = $state.raw({ aPlusB: null, bPlusA: null });
  #stop: AbortController | null = null;
  readonly #checks: Readonly<Record<BlendKey, NewestQuestion>> = { aPlusB: new NewestQuestion(), bPlusA: new NewestQuestion() };
  readonly #mixes: Readonly<Record<BlendKey, NewestQuestion>> = { aPlusB: new NewestQuestion(), bPlusA: new NewestQuestion() };
  readonly #client: StudioClient;
  readonly #texts: BlendTexts;
  readonly #limit: () => number;
  readonly #places = $derived.by(() => {
    const [a, b] = [this.#texts.document('a'), this.#texts.document('b')];
    return a === null || b === null ? null : placesOf(a, b);
  });

  /** @param limit most tokens of a text */
  constructor(client: StudioClient, texts: BlendTexts, limit: () => number) {
    this.#client = client;
    this.#texts = texts;
    this.#limit = limit;
  }

  /** Null while nobody writes. */
  get now(): Written | null {
    return this.#now;
  }

  get error(): ErrorBody | null {
    return this.#error;
  }

  dismissError(): void {
    this.#error = null;
  }

  /** The places of A and B, one beside the other; null where they have none in common. */
  get places(): readonly MixPlace[] | null {
    return this.#places;
  }

  comparison(key: BlendKey): PromptComparison | null {
    return this.#comparisons[key];
  }

  /** Why nothing can be blended now; null when it can. */
  whyNot(): string | null {
    if (this.#now !== null) return say('blend.whyNot.writing');
    const missing = (['a', 'b'] as const).filter((key) => this.#texts.text(key).trim() === '');
    if (missing.length > 0) return say(missing.length === 2 ? 'blend.whyNot.both' : `blend.whyNot.${missing[0] ?? 'a'}`);
    return this.#texts.order.writer === byPlaces && this.places === null ? say('blend.place.none') : null;
  }

  /**
   * Writes the blends asked for. One that takes the place of nothing is there at once; beside one that is there it waits for a yes. What goes
   * wrong is told in `error`, and what was written until then is kept.
   */
  async run(keys: readonly BlendKey[] = blendKeys): Promise<void> {
    if (this.#now !== null) return;
    this.#error = null;
    const stop = new AbortController();
    this.#stop = stop;
    this.#now = { attempt: 1, keys, ...nothing };
    this.#texts.keepWritten(null);
    try {
      await this.#texts.settle();
      const blend = await this.#follow(keys, stop.signal);
      if (blend === null || stop.signal.aborted) return;
      await this.#receive(blend, keys);
    } catch (failure) {
      if (!stop.signal.aborted) this.#error = toErrorBody(failure);
      const { aPlusB, bPlusA } = this.#now;
      if (aPlusB !== '' || bPlusA !== '') this.#texts.keepWritten({ aPlusB, bPlusA });
    } finally {
      this.#now = null;
      this.#stop = null;
    }
  }

  cancel(): void {
    this.#stop?.abort();
  }

  async #follow(keys: readonly BlendKey[], signal: AbortSignal): Promise<Blend | null> {
    const [a, b] = [this.#texts.document('a'), this.#texts.document('b')];
    if (a === null || b === null) return null;
    const { writer, templateId, language, instruction } = this.#texts.order;
    const sides = { a: { type: 'document', document: a }, b: { type: 'document', document: b } } as const;
    const asked = { writer, templateId, language, instruction, limit: this.#limit() };
    const request = blendRequestSchema.parse({ ...sides, ...asked });
    for await (const event of await this.#client.language.blend(request, { signal })) {
      if (event.type === 'done') return event.blend;
      const { attempt, aPlusB, bPlusA } = event;
      this.#now = { attempt, keys, aPlusB, bPlusA };
      this.#texts.keepWritten({ aPlusB, bPlusA });
    }
    return null;
  }

  async #receive(blend: Blend, keys: readonly BlendKey[]): Promise<void> {
    const fresh: Partial<Record<BlendKey, BlendedVersion>> = {};
    for (const key of keys) {
      const made = versionOf(blend, key);
      const before = this.#texts.state[key];
      if (before === null) fresh[key] = made;
      else await this.#propose(key, before, made);
    }
    this.#texts.keepWritten(null);
    if (Object.keys(fresh).length > 0) this.#texts.setBlends(fresh, say('blend.step.blend', { writer: nameOf(blend.writer) }));
  }

  /** Lays a text that somebody else made of the one that stands beside it, to be taken or left. */
  async propose(key: BlendKey, document: PromptDocument, checks: BlendChecks): Promise<void> {
    const before = this.#texts.state[key];
    if (before === null) return;
    const made = { ...before, document, typed: null, checks, warnings: [], builtIn: null, mix: null, itemId: null };
    await this.#propose(key, before, made);
  }

  async #propose(key: BlendKey, before: BlendedVersion, made: BlendedVersion): Promise<void> {
    const compare = (after: BlendedVersion) => this.#client.prompts.compare({ before: before.document, after: after.document });
    const comparison = await compare(made);
    const document = keepLocked(before.document, made.document, comparison);
    const isKept = document !== made.document;
    const after: BlendedVersion = isKept ? { ...made, document, typed: null, checks: null } : made;
    if (runningText(document.slots) === runningText(before.document.slots)) {
      // The same words again: who says so now, and what was found out, is all that is new.
      this.#texts.amend(key, before.document, { checks: made.checks, warnings: made.warnings, builtIn: made.builtIn });
      this.#drop(key);
      return;
    }
    this.#texts.propose({ [key]: after });
    this.#comparisons = { ...this.#comparisons, [key]: isKept ? await compare(after) : comparison };
  }

  /** After a reload: how the answers that wait differ from what is there. */
  async compareAgain(): Promise<void> {
    for (const key of blendKeys) {
      const [before, after] = [this.#texts.state[key], this.#texts.proposed[key]];
      if (after === null) continue;
      if (before === null) this.#drop(key);
      else {
        const comparison = await this.#client.prompts.compare({ before: before.document, after: after.document });
        this.#comparisons = { ...this.#comparisons, [key]: comparison };
      }
    }
  }

  /** The yes to a proposed text. One undo takes it back. */
  accept(key: BlendKey): void {
    const proposed = this.#texts.proposed[key];
    if (proposed !== null)
      this.#texts.setBlends({ [key]: proposed }, say('blend.step.blend', { writer: nameOf(proposed.writer) }));
    this.#drop(key);
  }

  leave(key: BlendKey): void {
    this.#drop(key);
  }

  #drop(key: BlendKey): void {
    this.#texts.propose({ [key]: null });
    this.#comparisons = { ...this.#comparisons, [key]: null };
  }

  /** The rules' text takes the place of an answer that did not pass. */
  takeBuiltIn(key: BlendKey): void {
    const builtIn = this.#texts.state[key]?.builtIn;
    if (builtIn == null) return;
    const { document, typed, checks } = builtIn;
    const version = { document, typed, checks, writer: builtInWriter, warnings: [], builtIn: null, mix: null, itemId: null };
    this.#texts.setBlends({ [key]: version }, say('blend.step.blend', { writer: nameOf(builtInWriter) }));
  }

  /** What was written before takes the place of a mix by places again. */
  takeWrittenBefore(key: BlendKey): void {
    const written = this.#texts.writtenBefore(key);
    if (written !== null) this.#texts.setBlends({ [key]: written }, say('blend.step.blend', { writer: nameOf(written.writer) }));
  }

  /** What a writer had written when it was broken off becomes a text to go on with. */
  async takeWritten(): Promise<void> {
    const { written } = this.#texts;
    if (written === null) return;
    const taken: Partial<Record<BlendKey, BlendedVersion>> = {};
    for (const key of blendKeys) {
      if (written[key].trim() === '') continue;
      const text = asTyped(await this.#client.prompts.create({ text: written[key] }), written[key]);
      const { writer } = this.#texts.order;
      taken[key] = { ...text, checks: null, writer, warnings: [], builtIn: null, mix: null, itemId: null };
    }
    this.#texts.setBlends(taken, say('blend.step.written'));
    this.#texts.keepWritten(null);
  }

  /** Chooses place by place; at once, as one step with what was chosen right before. */
  mix(key: BlendKey, mix: Mix): void {
    const { places } = this;
    const [a, b] = [this.#texts.document('a'), this.#texts.document('b')];
    if (places === null || a === null || b === null) return;
    this.#mixes[key].ask();
    this.#setMixed(key, mixByPlace(a, b, places, mix), mix);
  }

  /** What the reader held likeliest at each place for both pictures together. The newest share counts. */
  async mixLikely(key: BlendKey, share: number): Promise<void> {
    const [a, b] = [this.#texts.document('a'), this.#texts.document('b')];
    if (a === null || b === null) return;
    const isNewest = this.#mixes[key].ask();
    const document = await this.#client.language.mix({ a, b, share });
    if (isNewest()) this.#setMixed(key, document, { share, how: 'likely', byHand: {} });
  }

  #setMixed(key: BlendKey, document: PromptDocument, mix: Mix): void {
    const made: BlendedVersion = {
      document,
      typed: null,
      checks: null,
      writer: byPlaces,
      warnings: [],
      builtIn: null,
      mix,
      itemId: null,
    };
    this.#texts.setBlends({ [key]: made }, say('blend.step.place'), this.#texts.history.act(`mix-${key}`));
  }

  /** Checks a blend that nobody has checked as it is now. */
  async check(key: BlendKey): Promise<void> {
    const blended = this.#texts.state[key];
    const [a, b] = [this.#texts.document('a'), this.#texts.document('b')];
    if (blended?.checks !== null || a === null || b === null) return;
    const isNewest = this.#checks[key].ask();
    const sides = { a: { type: 'document', document: a }, b: { type: 'document', document: b } } as const;
    const text = blended.typed ?? runningText(blended.document.slots);
    const asked = { text, objectOf: objectOf(key), limit: this.#limit() };
    const checks: BlendChecks | null = await this.#client.language.check({ ...sides, ...asked });
    if (isNewest()) this.#texts.amend(key, blended.document, { checks });
  }
}

/** The rules and the mix by places have names in the page's language; a connection has the name a person gave it. */
export function nameOf(writer: string): string {
  if (writer === builtInWriter) return say('blend.writer.builtin');
  return writer === byPlaces ? say('blend.writer.place') : writer;
}

function versionOf(blend: Blend, key: BlendKey): BlendedVersion {
  const text = ({ document, text: written }: BlendedText) => asTyped(document, written);
  const builtIn = blend.builtIn === null ? null : { ...text(blend.builtIn[key]), checks: blend.builtIn.checks[key] };
  const { writer, warnings } = blend;
  return { ...text(blend[key]), checks: blend.checks[key], writer, warnings, builtIn, mix: null, itemId: null };
}
