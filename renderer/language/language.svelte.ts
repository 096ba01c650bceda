import { listFormat, writeNumber } from './kept-formats.ts';
import { english } from './english.ts';
import { fillMessage } from './fill-message.ts';
import type { MessageKey } from './message-key.ts';
import type { Messages, MessageValues } from './message.ts';
import type { ErrorCode } from '../../contract/errors.ts';

type Loaders = Readonly<Record<string, () => Promise<Messages>>>;

/** The languages beside English, each fetched when somebody chooses it; English is here already. */
const others: Loaders = { de: async () => (await import('./german.ts')).german };

/** Takes the language of the system where it is here, English where not. */
export const systemLanguage = 'system';

const dayAndClock = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
} as const satisfies Intl.DateTimeFormatOptions;

/** The words of the interface in the language a person chose. Read in a component or a `$derived`, they follow the choice. */
export class Language {
  #tag = $state('en');
  #messages: Messages = $state.raw(english);
  #wanted = 'en';
  readonly #loaders: Loaders;

  /** @param loaders fetch the texts of a language, by BCP 47 tag */
  constructor(loaders: Loaders = others) {
    this.#loaders = loaders;
  }

  get tag(): string {
    return this.#tag;
  }

  /** The English of the texts is British, and so are its days and hours. */
  get #dateTag(): string {
    return this.#tag === 'en' ? 'en-GB' : this.#tag;
  }

  /** Tags of the languages there are, English first. */
  get tags(): readonly string[] {
    return ['en', ...Object.keys(this.#loaders).sort()];
  }

  /** A language's own name, such as "Deutsch". */
  nameOf(tag: string): string {
    return new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
  }

  /**
   * Rejects when the texts cannot be fetched; the language before stays.
   * @param choice a tag, or `system`
   * @param preferred what the system speaks, best first
   */
  async use(choice: string, preferred: readonly string[] = navigator.languages): Promise<void> {
    const tag = this.#tagOf(choice, preferred);
    this.#wanted = tag;
    const messages = (await this.#loaders[tag]?.()) ?? english;
    // Another language was chosen while this one was on its way.
    if (this.#wanted !== tag) return;
    this.#messages = messages;
    this.#tag = tag;
    document.documentElement.lang = tag;
  }

  /** A language that was removed from the studio, or that it never had, is English. */
  #tagOf(choice: string, preferred: readonly string[]): string {
    if (choice !== systemLanguage) return this.tags.includes(choice) ? choice : 'en';
    for (const wish of preferred) {
      const found = this.tags.find((tag) => tag === wish || tag === wish.split('-')[0]);
      if (found !== undefined) return found;
    }
    return 'en';
  }

  readonly say = (key: MessageKey, values: MessageValues = {}): string => fillMessage(this.#messages[key], values, this.#tag);

  /**
   * What went wrong, by its code, as the title of what the core says in English. Null where that is the page's own language, and for
   * what is no error.
   */
  readonly titleError = (code: ErrorCode | null): string | null =>
    code === null || this.#tag === 'en' ? null : this.say(`error.${code}`);

  /** What the core says on one line, under the title of its code where that is not the page's language. */
  readonly sayError = ({ code, message }: { readonly code: ErrorCode | null; readonly message: string }): string => {
    const title = this.titleError(code);
    return title === null ? message : this.say('error.titled', { title, message });
  };

  /** A number with a fixed count of digits behind the point: "0.82", "0,82". Without marks between thousands. */
  readonly fixed = (value: number, digits: number): string =>
    writeNumber(value, this.#tag, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false });

  /** A number below one without its leading zero, where the language writes a point behind it: ".05", "0,05". */
  readonly brief = (value: number, digits: number): string => this.fixed(value, digits).replace(/^0\./, '.');

  /** A whole number or one with the digits it needs: "1,200", "1.200". */
  readonly number = (value: number): string => writeNumber(value, this.#tag);

  /** A share of 0..1 as a percentage with a fixed count of digits: "83%", "83 %". */
  readonly percent = (share: number, digits = 0): string =>
    writeNumber(share, this.#tag, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits });

  /** A point in time with its day, by the clock of this machine: "3 Nov 2026, 14:05 CET", "3. Nov. 2026, 14:05 MEZ". */
  readonly time = (timeMs: number): string =>
    new Intl.DateTimeFormat(this.#dateTag, { ...dayAndClock, timeZoneName: 'short' }).format(timeMs);

  /** The same in less room, without the clock's zone: "3 Nov 2026, 14:05". */
  readonly moment = (timeMs: number): string => new Intl.DateTimeFormat(this.#dateTag, dayAndClock).format(timeMs);

  /** A time of day, as the language writes it: "14:05". */
  readonly clock = (timeMs: number): string =>
    new Intl.DateTimeFormat(this.#dateTag, { hour: '2-digit', minute: '2-digit' }).format(timeMs);

  /** A month with its year, by the clock of this machine: "November 2026". */
  readonly month = (timeMs: number): string =>
    new Intl.DateTimeFormat(this.#dateTag, { month: 'long', year: 'numeric' }).format(timeMs);

  /** Things one after the other: "15, 30 and 75", "15, 30 und 75". */
  readonly list = (things: readonly string[]): string => listFormat(this.#tag).format(things);
}

/** The one of this page: a page speaks one language at a time. */
export const language = new Language();
