import type { DrawerAbilities } from '../../../contract/models/abilities.ts';
import type { ToolState } from '../../../contract/outside/connection.ts';
import type { ErrorBody } from '../../../contract/errors.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import type { Preferences } from '../frame/preferences.svelte.ts';
import type { Writers } from '../settings/writers.svelte.ts';

interface Options {
  readonly client: StudioClient;
  readonly preferences: Preferences;
  readonly writers: Writers;
  /** What the pack here can draw. */
  readonly facts: { readonly drawer: DrawerAbilities | null };
}

/** What came of asking a tool what it can draw. */
type Asked =
  | { readonly type: 'asking' }
  | { readonly type: 'answered'; readonly drawer: DrawerAbilities }
  | { readonly type: 'failed'; readonly error: ErrorBody };

/** A connection that was changed is asked anew. */
const keyOf = ({ id, address, moreAddresses, model, family, workflow }: ToolState): string =>
  JSON.stringify([id, address, moreAddresses, model, family, workflow]);

/** Who draws the Studio's next picture: the pack on this machine, or a tool that a person connected. No tool is asked before a yes. */
export class DrawPlace {
  #asked: Readonly<Record<string, Asked>> = $state.raw({});
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The connection that draws; null for the pack here. It need not be there any more. */
  get connectionId(): string | null {
    return this.#options.preferences.values.drawWith;
  }

  get tools(): readonly ToolState[] {
    return this.#options.writers.tools;
  }

  /** Null where the pack here draws, and for a connection that is not there. */
  get tool(): ToolState | null {
    return this.tools.find(({ id }) => id === this.connectionId) ?? null;
  }

  /** A connection that was removed meanwhile. */
  get isGone(): boolean {
    return this.connectionId !== null && this.#options.writers.connections !== null && this.tool === null;
  }

  /** What can be drawn there; null until it is known. */
  get drawer(): DrawerAbilities | null {
    if (this.connectionId === null) return this.#options.facts.drawer;
    const asked = this.#answer;
    return asked?.type === 'answered' ? asked.drawer : null;
  }

  get asking(): boolean {
    return this.#answer?.type === 'asking';
  }

  /** Why the tool did not say what it can draw; null where nothing is wrong. */
  get trouble(): ErrorBody | null {
    const asked = this.#answer;
    return asked?.type === 'failed' ? asked.error : null;
  }

  /** @param id of a connection; null for the pack here */
  async choose(id: string | null): Promise<void> {
    this.#options.preferences.set({ drawWith: id });
    await this.#ask();
  }

  /** The tools there are, and what the chosen one can draw where a person has agreed that it is asked. */
  async load(): Promise<void> {
    await this.#options.writers.load();
    await this.#ask();
  }

  /** The yes that a person gave after reading what goes there. */
  async allow(): Promise<void> {
    const { tool } = this;
    if (tool === null) return;
    await this.#options.writers.allow(tool.id);
    await this.#ask();
  }

  /** Once more, after a tool did not answer or was changed. */
  async askAgain(): Promise<void> {
    const { tool } = this;
    if (tool === null) return;
    this.#asked = Object.fromEntries(Object.entries(this.#asked).filter(([key]) => key !== keyOf(tool)));
    await this.#ask();
  }

  async #ask(): Promise<void> {
    const { tool } = this;
    if (tool?.allowed !== true || this.#answer !== null) return;
    const [key, { id }] = [keyOf(tool), tool];
    this.#set(key, { type: 'asking' });
    try {
      this.#set(key, { type: 'answered', drawer: await this.#options.client.connections.abilities({ id }) });
    } catch (failure) {
      this.#set(key, { type: 'failed', error: toErrorBody(failure) });
    }
  }

  get #answer(): Asked | null {
    const { tool } = this;
    return tool === null ? null : (this.#asked[keyOf(tool)] ?? null);
  }

  #set(key: string, asked: Asked): void {
    this.#asked = { ...this.#asked, [key]: asked };
  }
}
