import type { BatchList } from '../batches/batch-list.ts';
import type { PictureReader } from '../image/picture-reader.ts';
import type { Installer } from '../installs/installer.ts';
import type { Library } from '../library/library.ts';
import type { PackRegistry } from '../packs/pack-registry.ts';
import type { Captioners } from '../ports/captioner.ts';
import type { Provider, Tools } from '../ports/provider.ts';
import type { OpenedWriter } from '../writers/open-writer.ts';
import type { TemplateStore } from '../writers/template-store.ts';
import type { KnownDevices } from './known-devices.ts';
import type { MeasuredPictures } from './measured-pictures.ts';
import type { StudioVersions } from './read-versions.ts';
import type { SettingsStore } from './settings-store.ts';
import type { LogFailure } from './to-wire-error.ts';
import type { TokenTables } from './token-tables.ts';
import type { TokenizerCache } from './tokenizer-cache.ts';
import type { RefusedPairs, SearchState, UnfinishedWork } from './unfinished-work.ts';

/** What every job needs. */
export interface JobServices {
  readonly library: Library;
  readonly pictures: PictureReader;
  readonly packs: PackRegistry;
  readonly installer: Installer;
  readonly batches: BatchList;
  /** Reads, draws and compares. */
  readonly models: Provider;
  /** Draw elsewhere. */
  readonly tools: Tools;
  /** Read elsewhere. */
  readonly captioners: Captioners;
  /** The language model of a connection or of a pack, by its id; rejects as openWriter does. */
  readonly openWriter: (id: string) => Promise<OpenedWriter>;
  /** What language models are asked with. */
  readonly templates: TemplateStore;
  readonly devices: KnownDevices;
  readonly settings: SettingsStore;
  readonly versions: StudioVersions;
  readonly tokenizers: TokenizerCache;
  readonly tokenTables: TokenTables;
  readonly unfinishedSearches: UnfinishedWork<SearchState>;
  readonly unfinishedMatrices: UnfinishedWork<RefusedPairs>;
  readonly measured: MeasuredPictures;
  /** The pack that is used where none is named. Asked for each time, because it follows the settings. */
  readonly defaultPackId: () => string;
  /** A text without the keys of other programs. */
  readonly redact: (text: string) => string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly logFailure: LogFailure;
  /** A line for the log; nothing a person wrote, drew or named. */
  readonly note: (message: string) => void;
  /** A sentence a person is told: something stored was damaged and is made again. */
  readonly tellRepair: (sentence: string) => void;
  /** All such sentences since the start. */
  readonly repairs: () => readonly string[];
}
