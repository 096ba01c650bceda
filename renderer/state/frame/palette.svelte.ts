import { cutAtWord } from '../../../contract/texts/cut-text.ts';
import type { LibraryItem } from '../../../contract/library.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import { NewestQuestion } from '../core/newest-question.ts';
import { tick } from 'svelte';
import { appliesAt } from './command.ts';
import type { Command } from './command.ts';
import type { LibraryBrowser } from '../library/library-browser.svelte.ts';
import type { ItemOpening } from '../library/item-opening.ts';
import { matchQuery } from './match-query.ts';
import type { PictureReading } from '../text/picture-reading.svelte.ts';
import type { Place } from './place.svelte.ts';
import type { Shortcuts } from './shortcuts.svelte.ts';
import type { CoreFacts } from '../core/core-facts.svelte.ts';
import { say } from '../../language/say.ts';

const paletteGroups = ['commands', 'work', 'scenes', 'meaning'] as const;
export type PaletteGroup = (typeof paletteGroups)[number];

/** One line of the palette. */
export interface PaletteEntry {
  readonly id: string;
  readonly group: PaletteGroup;
  readonly name: string;
  /** Keys of a command as a person reads them, the kind of a piece of work. */
  readonly detail: string;
  /** A small picture, or null. */
  readonly imageUrl: string | null;
  /** Why it cannot be chosen now, or null. */
  readonly hindrance: string | null;
  readonly run: () => void;
}

interface Options {
  readonly client: StudioClient;
  readonly shortcuts: Shortcuts;
  readonly place: Place;
  readonly facts: CoreFacts;
  readonly opening: ItemOpening;
  readonly library: LibraryBrowser;
  readonly reading: PictureReading;
  readonly attempt: (task: Promise<unknown>) => void;
}

const mostWork = 8;
const pauseMs = 120;
const mostRecent = 4;

/** What the palette finds: commands, recent or matching work of the library, the pack's scenes, and what the library holds by its meaning. */
export class Palette {
  #query = $state('');
  #chosenId: string | null = $state(null);
  #work: readonly LibraryItem[] = $state.raw([]);
  readonly #searches = new NewestQuestion();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #options: Options;
  readonly #entries = $derived.by(() => this.#find());

  constructor(options: Options) {
    this.#options = options;
  }

  get query(): string {
    return this.#query;
  }

  get entries(): readonly PaletteEntry[] {
    return this.#entries;
  }

  /** The line that Enter takes: the one gone to, or else the first that can be chosen. */
  get chosen(): PaletteEntry | null {
    const entries = this.#entries;
    return entries.find(({ id }) => id === this.#chosenId) ?? entries.find(({ hindrance }) => hindrance === null) ?? null;
  }

  /** Call when it opens: empty again, with the newest work. */
  begin(): void {
    this.#query = '';
    this.#chosenId = null;
    this.#search(0);
  }

  search(query: string): void {
    this.#query = query;
    this.#chosenId = null;
    this.#search(pauseMs);
  }

  choose(id: string): void {
    this.#chosenId = id;
  }

  /** Goes up or down over what can be chosen, and round at the ends. */
  move(by: 1 | -1): void {
    const open = this.#entries.filter(({ hindrance }) => hindrance === null);
    const at = open.findIndex(({ id }) => id === this.chosen?.id);
    this.#chosenId = open[(at + by + open.length) % open.length]?.id ?? null;
  }

  #search(afterMs: number): void {
    const isNewest = this.#searches.ask();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const text = this.#query.trim();
      // Without an answer the palette still has its commands; the banner says that the core is away.
      this.#options.client.library.query({ text, limit: mostWork }).then(
        ({ items }) => {
          if (isNewest()) this.#work = items;
        },
        () => {
          if (isNewest()) this.#work = [];
        },
      );
    }, afterMs);
  }

  #find(): readonly PaletteEntry[] {
    const query = this.#query.trim();
    const scored = [...this.#commandEntries(), ...this.#sceneEntries()].flatMap((entry) => {
      const score = matchQuery(query, entry.name);
      // What cannot be done is worth a line only to the person who looks for it.
      return score === null || (query === '' && entry.hindrance !== null) ? [] : [{ entry, score }];
    });
    if (query !== '')
      scored.sort((a, b) => Number(a.entry.hindrance !== null) - Number(b.entry.hindrance !== null) || b.score - a.score);
    const work = this.#work.map((item) => this.#workEntry(item));
    if (query === '') return [...work.slice(0, mostRecent), ...scored.map(({ entry }) => entry)];
    // The library has found its own, also by words that are not in the name.
    const found = [...scored, ...work.map((entry) => ({ entry, score: matchQuery(query, entry.name) ?? 0 }))];
    const nearest = (group: PaletteGroup): number =>
      Math.max(...found.filter(({ entry }) => entry.group === group && entry.hindrance === null).map(({ score }) => score));
    const groups = paletteGroups.toSorted((a, b) => nearest(b) - nearest(a) || 0);
    const named = groups.flatMap((group) => found.map(({ entry }) => entry).filter((entry) => entry.group === group));
    // Last, so that it is what Enter takes only where nothing has a name like that.
    return [...named, ...this.#meaningEntries(query)];
  }

  /** A sentence says what is looked for; one word is a name. */
  #meaningEntries(query: string): PaletteEntry[] {
    if (!/\S\s+\S/u.test(query)) return [];
    const { library, place } = this.#options;
    return [
      {
        id: 'meaning',
        group: 'meaning',
        name: say('palette.likeWords', { text: query }),
        detail: '',
        imageUrl: null,
        hindrance: null,
        run: () => {
          library.back();
          library.finder.likeWords(query);
          place.show('library');
        },
      },
    ];
  }

  /** Those of the place first; whoever looks for one of another place is taken there. One that several places have is listed once. */
  #commandEntries(): PaletteEntry[] {
    const { shortcuts, place } = this.#options;
    const commands = shortcuts.commands.filter(({ id }) => id !== 'show-palette');
    const here = commands.filter((command) => appliesAt(command, place.current));
    const isNew = ({ id }: Command, at: number): boolean =>
      !here.some((one) => one.id === id) && commands.findIndex((one) => one.id === id) === at;
    const elsewhere = this.#query.trim() === '' ? [] : commands.filter(isNew);
    return [...here, ...elsewhere].map((command) => ({
      id: `command ${command.id}`,
      group: 'commands',
      name: command.name(),
      detail: shortcuts.describe(command.id),
      imageUrl: null,
      hindrance: command.whyNot?.() ?? null,
      run: () => void this.#run(command),
    }));
  }

  async #run(command: Command): Promise<void> {
    const { place } = this.#options;
    const [there] = command.where === 'everywhere' ? [] : command.where;
    if (there !== undefined && !appliesAt(command, place.current)) {
      place.show(there);
      await tick();
    }
    if ((command.whyNot?.() ?? null) === null) command.run();
  }

  #sceneEntries(): PaletteEntry[] {
    const { facts, reading, attempt } = this.#options;
    const { pack } = facts;
    if (pack === null) return [];
    return pack.samples.map(({ file, title }) => ({
      id: `scene ${file}`,
      group: 'scenes',
      name: title,
      detail: say('palette.scene'),
      imageUrl: `packs/${pack.id}/samples/${encodeURIComponent(file.split('/').at(-1) ?? file)}`,
      hindrance: reading.state.type === 'idle' ? null : say('hindrance.reading'),
      run: () => attempt(reading.openSample(pack.id, file, title)),
    }));
  }

  #workEntry(item: LibraryItem): PaletteEntry {
    const { opening, attempt } = this.#options;
    const text = item.kind === 'prompt' ? item.text : item.kind === 'generation' ? item.recipe.text : '';
    return {
      id: `work ${item.id}`,
      group: 'work',
      // A title that nobody gave is the beginning of the text, cut for other places.
      name: cutAtWord((item.named ? item.title : text) || item.title || say('palette.untitled'), 90),
      detail: say(`library.kind.${item.kind}`),
      imageUrl: item.kind === 'prompt' ? null : `thumbnails/${item.image.sha256}`,
      hindrance: null,
      run: () => attempt(opening.open(item)),
    };
  }
}
