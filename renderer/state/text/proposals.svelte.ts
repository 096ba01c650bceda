import { findDialects } from '../../../contract/texts/dialect.ts';
import type { PromptDialect } from '../../../contract/texts/dialect.ts';
import { StudioError } from '../../../contract/errors.ts';
import { settingsOf } from '../../../contract/texts/metadata.ts';
import type { PictureMetadata } from '../../../contract/texts/metadata.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import { cutAtWord } from '../../../contract/texts/cut-text.ts';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import { handKey, toPicture } from './snapshot.ts';
import type { Picture } from './snapshot.ts';
import type { OpenWork } from './open-work.svelte.ts';
import type { PictureReading } from './picture-reading.svelte.ts';
import type { Notices } from '../frame/notices.svelte.ts';
import type { Place } from '../frame/place.svelte.ts';
import type { Preferences, PreferenceValues } from '../frame/preferences.svelte.ts';
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
      /** Tools the text shows signs of, the likeliest first; none for a document. */
      readonly dialects: readonly PromptDialect[];
    }
  /**
   * What a picture's file says of how it was made. Every text of it is a stranger's. `picture`: one that is not open; whoever takes the
   * text opens it with it.
   */
  | { readonly type: 'made'; readonly from: string; readonly metadata: PictureMetadata; readonly picture: Picture | null }
  /** `movedFrom` is the host that named this one in a redirect. */
  | { readonly type: 'address'; readonly address: string; readonly host: string; readonly movedFrom: string | null };

interface Options {
  readonly client: StudioClient;
  readonly work: OpenWork;
  readonly editing: PromptEditing;
  readonly reading: PictureReading;
  readonly place: Place;
  readonly preferences: Preferences;
  readonly notices: Notices;
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
    this.#current = { type: 'text', from, text, document, dialects: document === null ? findDialects(text) : [] };
  }

  /** Looks whether the picture's file says how it was made; nothing is offered where it does not, or another picture is open by then. */
  async lookInto(sha256: string, title: string): Promise<void> {
    const { work } = this.#options;
    const metadata = await this.findMade(sha256);
    if (metadata === null || work.picture?.sha256 !== sha256 || this.#current !== null) return;
    this.#current = { type: 'made', from: title, metadata, picture: null };
  }

  /** What the file of a picture says of how it was made; null where it says nothing. */
  async findMade(sha256: string): Promise<PictureMetadata | null> {
    return (await this.#options.client.images.metadata({ sha256 })).metadata;
  }

  /** A person who looks at a picture of the library asks for what its file says. */
  async offerMade(pictureId: string): Promise<void> {
    const item = await this.#options.client.library.get({ itemId: pictureId });
    if (item.kind !== 'picture') return;
    const metadata = await this.findMade(item.image.sha256);
    if (metadata !== null) this.#current = { type: 'made', from: item.title, metadata, picture: toPicture(item) };
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
    else if (proposal.type === 'address') await this.#fetch(proposal);
    else await this.acceptAs(proposal.metadata.dialect);
  }

  /** The same, with the text read as a tool reads it; what it does not have here is told. */
  async acceptAs(dialect: PromptDialect): Promise<void> {
    const { client, notices } = this.#options;
    const proposal = this.#current;
    if (proposal === null || proposal.type === 'address') return;
    const text = proposal.type === 'text' ? proposal.text : proposal.metadata.prompt;
    const { document, negative, settings, notes } = await client.prompts.readAs({ text, dialect });
    await this.#take(proposal, document);
    const found = { ...settings, ...(negative === '' ? {} : { negative }) };
    if (proposal.type === 'text' && Object.keys(found).length > 0) this.#set(found);
    if (notes.length > 0) notices.tell(say('status.readAs.notes'), notes.join(' '));
  }

  /** Text and settings of the picture that says how it was made. */
  async acceptWithSettings(): Promise<void> {
    const proposal = this.#current;
    if (proposal?.type !== 'made') return;
    const { metadata } = proposal;
    if (metadata.prompt !== '') await this.acceptAs(metadata.dialect);
    else this.#current = null;
    this.#set(settingsOf(metadata));
  }

  #set(found: ReturnType<typeof settingsOf>): void {
    const { preferences, notices } = this.#options;
    const told: Partial<PreferenceValues> = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
    preferences.set(told);
    notices.tell(say('status.settingsTaken'), say('status.settingsTaken.hint'));
  }

  async #takeText(proposal: Extract<Proposal, { type: 'text' }>): Promise<void> {
    const { client } = this.#options;
    await this.#take(proposal, proposal.document ?? (await client.prompts.create({ text: proposal.text })));
  }

  async #take(proposal: Exclude<Proposal, { type: 'address' }>, document: PromptDocument): Promise<void> {
    const { editing, work, place } = this.#options;
    await editing.settle();
    if (work.pendingText !== null) {
      throw new StudioError('bad-request', say('intake.notKept'), say('intake.useAgain'));
    }
    if (this.#current === proposal) this.#current = null;
    const picture = proposal.type === 'made' ? proposal.picture : null;
    if (picture === null || picture.sha256 === work.picture?.sha256) {
      work.takeText(document, say('history.step.useText', { name: proposal.from }));
    } else {
      const version = { document, typed: null, itemId: null, parentId: picture.itemId };
      work.openText(picture, handKey, version, cutAtWord(proposal.from, 60));
    }
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
