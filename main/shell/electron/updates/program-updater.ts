import { AppImageUpdater, MacUpdater, NsisUpdater } from 'electron-updater';
import type { AppUpdater, UpdateFileInfo, UpdateInfo } from 'electron-updater';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { StudioError } from '../../../../contract/errors.ts';
import type { StudioClient } from '../../../../contract/methods.ts';
import { makeFolder } from '../../../files/make-folder.ts';
import { writeWhole } from '../../../files/write-whole.ts';
import { CoreExecutor, lastName } from './core-executor.ts';
import type { FetchListener } from './core-executor.ts';
import { replaceAppImage, requireReplaceable } from './replace-app-image.ts';

export interface ProgramUpdaterOptions {
  readonly platform: NodeJS.Platform;
  /** Of this program. */
  readonly version: string;
  /** What electron-builder wrote beside the program for its updater; it need not exist. */
  readonly configFile: string;
  /** For files on their way, in the data folder, so that they need no other disk. */
  readonly cacheFolder: string;
  readonly core: Pick<StudioClient, 'updates'>;
  /** The AppImage that runs; null for every other kind. */
  readonly appImage: string | null;
  /** The program that is started when this one has ended has the environment that stands then. */
  readonly beforeRestart: () => void;
  /** Starts a program when this one has ended. */
  readonly relaunch: (file: string) => void;
  readonly note: (message: string) => void;
}

/** A version that is newer than this one. */
export interface NewVersion {
  readonly version: string;
  readonly notes: string;
}

const mostNotes = 20_000;

function notesOf({ releaseNotes }: UpdateInfo): string {
  const notes = Array.isArray(releaseNotes) ? releaseNotes.map(({ note }) => note ?? '').join('\n\n') : (releaseNotes ?? '');
  return notes.slice(0, mostNotes).trim();
}

/** What the library says of a feed it cannot read, as a person is told it. */
function toStudioError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof StudioError || !code.startsWith('ERR_UPDATER_')) return error;
  const hint = 'Nothing was changed. Check the address of the updates in the settings.';
  const message = 'The place of the updates says nothing that this studio can read.';
  return new StudioError('answer-unreadable', message, hint, { reason: code }, error);
}

/** Finds, brings and installs a newer version with electron-updater, whose way to the network is the core's. */
export class ProgramUpdater {
  readonly #options: ProgramUpdaterOptions;
  readonly #executor: CoreExecutor;
  readonly #updater: AppUpdater;
  #offered: readonly UpdateFileInfo[] = [];
  #file: string | null = null;

  constructor(options: ProgramUpdaterOptions) {
    this.#options = options;
    this.#executor = new CoreExecutor(options.core);
    this.#updater = this.#makeUpdater();
  }

  /**
   * The newest version of a place; null where this one is as new or newer.
   * @throws StudioError as `UpdateFeed.read` does; `answer-unreadable` for a feed that is none
   */
  async check(feed: string): Promise<NewVersion | null> {
    await this.#requireConfig();
    this.#updater.setFeedURL({ provider: 'generic', url: feed, channel: 'latest' });
    try {
      const result = await this.#updater.checkForUpdates();
      if (result?.isUpdateAvailable !== true) return null;
      const { updateInfo } = result;
      this.#offered = updateInfo.files;
      this.#executor.expect(this.#offered);
      return { version: updateInfo.version.slice(0, 100), notes: notesOf(updateInfo) };
    } catch (error) {
      throw toStudioError(error);
    }
  }

  /**
   * Brings the version found last, whole and with the right sum.
   * @throws StudioError as `UpdateFeed.bring` does; `file-unwritable` where it could not be installed; the signal's reason
   */
  async bring(listener: FetchListener): Promise<void> {
    const { appImage } = this.#options;
    if (appImage !== null) await requireReplaceable(appImage);
    this.#executor.listen(listener);
    try {
      this.#file = (await this.#updater.downloadUpdate())[0] ?? null;
    } catch (error) {
      listener.signal.throwIfAborted();
      throw toStudioError(error);
    }
  }

  /**
   * Puts the version brought last in the place of this one; the program ends right afterwards.
   * @throws StudioError as `replaceAppImage` does, and then nothing has changed
   */
  async install(restart: boolean): Promise<void> {
    const { appImage, beforeRestart, relaunch } = this.#options;
    const file = this.#file;
    if (file === null) return;
    if (appImage !== null) {
      const sha512 = this.#offered.find(({ url }) => lastName(url) === basename(file))?.sha512 ?? '';
      const installed = await replaceAppImage(appImage, file, sha512);
      if (!restart) return;
      beforeRestart();
      relaunch(installed);
      return;
    }
    if (restart) beforeRestart();
    if (this.#updater instanceof NsisUpdater) {
      this.#updater.install(true, restart);
    } else if (restart) {
      // Squirrel installs by itself when the program ends.
      this.#updater.quitAndInstall();
    }
  }

  #makeUpdater(): AppUpdater {
    const { platform, version, cacheFolder, note } = this.#options;
    const program = {
      version,
      name: 'dediffusion-studio',
      isPackaged: true,
      appUpdateConfigPath: this.#configFile,
      userDataPath: cacheFolder,
      baseCachePath: cacheFolder,
      whenReady: () => Promise.resolve(),
      relaunch: () => undefined,
      quit: () => undefined,
      // When it is installed is decided in `update-keeper.ts`.
      onQuit: () => undefined,
    };
    const updater =
      platform === 'darwin'
        ? new MacUpdater(undefined, program)
        : platform === 'win32'
          ? new NsisUpdater(undefined, program)
          : new AppImageUpdater(undefined, program);
    updater.autoDownload = false;
    updater.autoInstallOnAppQuit = platform === 'darwin';
    updater.allowDowngrade = false;
    // Parts of files that an older version has would be asked for one by one.
    updater.disableDifferentialDownload = true;
    // A package of the system and an unpacked archive look as well, and say how they get newer.
    updater.forceDevUpdateConfig = true;
    const quiet = () => undefined;
    updater.logger = { info: quiet, debug: quiet, warn: note, error: quiet };
    // A release is for everybody at once, so nobody needs a number that tells one from another.
    updater.isUserWithinRollout = () => true;
    Object.assign(updater, { httpExecutor: this.#executor, stagingUserIdPromise: { value: Promise.resolve('') } });
    return updater;
  }

  get #configFile(): string {
    const { configFile, cacheFolder } = this.#options;
    return existsSync(configFile) ? configFile : join(cacheFolder, 'app-update.yml');
  }

  /** The library reads one in any case; where the package has none, because its maker named no place, this one stands in. */
  async #requireConfig(): Promise<void> {
    const { configFile, cacheFolder } = this.#options;
    makeFolder(cacheFolder, 'Choose another data folder with DEDIFFUSION_HOME.');
    if (!existsSync(configFile)) await writeWhole(this.#configFile, 'updaterCacheDirName: pending-updates\n');
  }
}
