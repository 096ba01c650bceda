import { StudioError } from '../../../contract/errors.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type { PromptDocument } from '../../../contract/prompt.ts';
import type { OpenWork } from './open-work.svelte.ts';
import type { PictureReading } from './picture-reading.svelte.ts';
import type { Place } from '../frame/place.svelte.ts';
import type { PromptEditing } from './prompt-editing.svelte.ts';
import { say } from '../../language/say.ts';

/** Something that came from elsewhere and waits for the person's yes. */
export type Proposal =
  | {
      readonly type: 'text';
      /** Who proposes it: “A link”, “notes.txt”. */
      readonly from: string;
      readonly text: string;
      /** With exact ids where the text came as a document; null while it is letters alone. */
      readonly document: PromptDocument | null;
    }
  /** `movedFrom` is the host that named this one in a redirect. */
  | { readonly type: 'address'; readonly address: string; readonly host: string; readonly movedFrom: string | null };

interface Options {
  readonly client: StudioClient;
  readonly work: OpenWork;
  readonly editing: PromptEditing;
  readonly reading: PictureReading;
  readonly place: Place;
}

/** One proposal at a time, the newest: texts are never taken and addresses never asked without a yes. */
export class Proposals {
  #current: Proposal | null = $state.raw(null);
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  get current(): Proposal | null {
    return this.#current;
  }

  offerText(from: string, text: string, document: PromptDocument | null = null): void {
    this.#current = { type: 'text', from, text, document };
  }

  offerAddress(address: URL, movedFrom: string | null = null): void {
    this.#current = { type: 'address', address: address.href, host: address.host, movedFrom };
  }

  decline(): void {
    this.#current = null;
  }

  /** The person's yes. A proposed text becomes the own text of the picture; one undo takes it back. */
  async accept(): Promise<void> {
    const proposal = this.#current;
    if (proposal === null) return;
    if (proposal.type === 'text') await this.#takeText(proposal);
    else await this.#fetch(proposal);
  }

  async #takeText(proposal: Extract<Proposal, { type: 'text' }>): Promise<void> {
    const { client, editing, work, place } = this.#options;
    await editing.settle();
    if (work.pendingText !== null) {
      throw new StudioError('bad-request', say('intake.notKept'), say('intake.useAgain'));
    }
    const document = proposal.document ?? (await client.prompts.create({ text: proposal.text }));
    if (this.#current === proposal) this.#current = null;
    work.takeText(document, say('history.step.useText', { name: proposal.from }));
    place.show('studio');
  }

  async #fetch({ address, host }: Extract<Proposal, { type: 'address' }>): Promise<void> {
    const { reading } = this.#options;
    this.#current = null;
    await reading.openAddress(address, host);
    const movedTo = reading.error?.details['movedTo'];
    if (typeof movedTo !== 'string') return;
    reading.dismissError();
    this.offerAddress(new URL(movedTo), host);
  }
}
