import { z } from 'zod';
import english from './en.json';
import { fillMessage } from './fill-message.ts';
import type { MessageKey } from './message-key.ts';

const messagesSchema = z.record(z.string(), z.string());
type Messages = Readonly<Record<string, string>>;
type LoadFile = () => Promise<unknown>;

/** The files beside this one, each loaded when somebody chooses it; English is here already. */
const files: Readonly<Record<string, LoadFile>> = import.meta.glob(['./*.json', '!./en.json'], {
  import: 'default',
});

/** The words of the interface in the language a person chose, English where that has none. */
export class Language {
  #tag = $state('en');
  #messages: Messages = $state.raw(english);
  readonly #files: Readonly<Record<string, LoadFile>>;

  /** @param available loads a file of messages by path, such as `./de.json` */
  constructor(available: Readonly<Record<string, LoadFile>> = files) {
    this.#files = available;
  }

  get tag(): string {
    return this.#tag;
  }

  /** Tags of the languages there are, English first. */
  get tags(): readonly string[] {
    const tags = Object.keys(this.#files).map((path) => path.replace(/^.*\/|\.json$/g, ''));
    return ['en', ...tags.filter((tag) => tag !== 'en').sort()];
  }

  /** A language's own name, such as "Deutsch". */
  nameOf(tag: string): string {
    return new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
  }

  /** Rejects when the file cannot be loaded; the language before stays. */
  async use(tag: string): Promise<void> {
    if (tag === this.#tag) return;
    const load = tag === 'en' ? () => Promise.resolve(english) : this.#files[`./${tag}.json`];
    // A language that was removed from the studio: English is what it has for sure.
    const messages = load === undefined ? english : messagesSchema.parse(await load());
    this.#messages = messages;
    this.#tag = load === undefined ? 'en' : tag;
    document.documentElement.lang = this.#tag;
  }

  readonly say = (key: MessageKey, values: Readonly<Record<string, string | number>> = {}): string =>
    fillMessage(this.#messages[key] ?? english[key], values);

  /** A place's name in this language, or the title it was registered with. */
  readonly namePlace = ({ name, title }: { readonly name: string; readonly title: string }): string =>
    this.#messages[`place.${name}`] ?? title;

  /** A command's name in this language, or the name it was written with. */
  readonly nameCommand = (id: string, name: string): string => this.#messages[`command.${id}`] ?? name;
}
