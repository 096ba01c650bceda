import { dialog, nativeImage, shell } from 'electron';
import type { BrowserWindow } from 'electron';
import { basename, dirname, join } from 'node:path';
import type { AddedFile, KeychainState, MenuKeys, NewSecret, PictureReference } from '../../../../contract/desktop.ts';
import { StudioError } from '../../../../contract/errors.ts';
import { toFileName } from '../../../../contract/file-name.ts';
import { pictureEndings } from '../../../../contract/picture-formats.ts';
import type { UpdateSettings, UpdateState } from '../../../../contract/outside/updates.ts';
import { addFiles } from './add-files.ts';
import type { AskCore } from './add-files.ts';
import type { DesktopSecrets } from '../desktop-secrets.ts';
import type { HostSupervisor } from '../host/host-supervisor.ts';
import type { PageMail } from './page-mail.ts';
import { readClipboardPicture, writeClipboardPicture } from './picture-clipboard.ts';
import type { PictureFiles } from './picture-files.ts';
import type { RecentWork } from '../recent-work.ts';
import type { UpdateKeeper } from '../updates/update-keeper.ts';
import type { BridgeAnswers } from './serve-bridge.ts';

export interface BridgeServices {
  readonly window: () => BrowserWindow | null;
  readonly askCore: AskCore;
  readonly supervisor: HostSupervisor;
  readonly mail: PageMail;
  readonly pictures: PictureFiles;
  readonly recentWork: RecentWork;
  readonly secrets: DesktopSecrets;
  readonly updates: UpdateKeeper;
  readonly showKeys: (keys: MenuKeys) => void;
  readonly picturesFolder: string;
  readonly logFolder: string;
  readonly iconPath: string | null;
  readonly logFailure: (error: unknown) => string;
}

const dragIconPixels = 96;

class DesktopAnswers implements BridgeAnswers {
  readonly #services: BridgeServices;
  #lastFolder: string;
  /** Chosen by the person in this run of the program; null until then. */
  #keepFolder: string | null = null;
  /** Where a model file was chosen last; the system's own choice until then. */
  #modelFolder: string | null = null;

  constructor(services: BridgeServices) {
    this.#services = services;
    this.#lastFolder = services.picturesFolder;
  }

  greet() {
    return this.#services.mail.greet(this.#services.supervisor.state);
  }

  restartCore() {
    this.#services.supervisor.start();
  }

  async choosePictures(): Promise<AddedFile[]> {
    const { canceled, filePaths } = await dialog.showOpenDialog(this.#window(), {
      title: 'Open Pictures',
      defaultPath: this.#lastFolder,
      properties: ['openFile', 'multiSelections'],
      filters: [
        { name: 'Pictures', extensions: [...pictureEndings] },
        { name: 'All Files', extensions: ['*'] },
      ],
    });
    const [first] = filePaths;
    if (canceled || first === undefined) return [];
    this.#lastFolder = dirname(first);
    return this.addFiles(filePaths);
  }

  async addFiles(paths: readonly string[]): Promise<AddedFile[]> {
    if (paths.some((path) => path === '')) {
      throw new StudioError('bad-request', 'One of these files has no place on disk.', 'Send its bytes instead.');
    }
    return addFiles(paths, this.#services.askCore);
  }

  async savePicture({ sha256, title }: PictureReference): Promise<string | null> {
    const { bytes, extension } = await this.#services.pictures.read(sha256);
    return this.#save(toFileName(title, extension), extension, bytes);
  }

  saveText({ text, title, extension }: { text: string; title: string; extension: string }): Promise<string | null> {
    return this.#save(toFileName(title, extension), extension, text);
  }

  async chooseFolder(): Promise<string | null> {
    const { canceled, filePaths } = await dialog.showOpenDialog(this.#window(), {
      title: 'Save Pictures In',
      buttonLabel: 'Save Here',
      defaultPath: this.#lastFolder,
      properties: ['openDirectory', 'createDirectory'],
    });
    const [folder] = filePaths;
    if (canceled || folder === undefined) return null;
    this.#lastFolder = folder;
    this.#keepFolder = folder;
    return basename(folder);
  }

  async chooseModelFile(): Promise<string | null> {
    const { canceled, filePaths } = await dialog.showOpenDialog(this.#window(), {
      title: 'Choose a Model File',
      ...(this.#modelFolder === null ? {} : { defaultPath: this.#modelFolder }),
      properties: ['openFile'],
      // No other kind is ever read: what is in them is numbers, and no program.
      filters: [{ name: 'Safetensors', extensions: ['safetensors'] }],
    });
    const [file] = filePaths;
    if (canceled || file === undefined) return null;
    this.#modelFolder = dirname(file);
    return file;
  }

  keepPicture(picture: PictureReference): Promise<string> {
    if (this.#keepFolder === null)
      throw new StudioError('bad-request', 'No folder is chosen to save pictures in.', 'Choose the folder first.');
    return this.#services.pictures.keep(this.#keepFolder, picture);
  }

  async dragPicture(picture: PictureReference): Promise<void> {
    const file = await this.#services.pictures.borrow(picture);
    const preview = nativeImage.createFromPath(file);
    // Formats Electron cannot draw get the program's icon under the pointer; the file dropped is the same.
    const { iconPath } = this.#services;
    const source = preview.isEmpty() && iconPath !== null ? nativeImage.createFromPath(iconPath) : preview;
    this.#window().webContents.startDrag({ file, icon: source.resize({ height: dragIconPixels }) });
  }

  async copyPicture({ sha256 }: PictureReference): Promise<void> {
    const { bytes } = await this.#services.pictures.read(sha256, 'shown');
    if (await writeClipboardPicture(bytes)) return;
    throw new StudioError(
      'image-unsupported',
      'The clipboard takes PNG and JPEG pictures only.',
      'Save the picture, or drag it out instead.',
    );
  }

  readClipboardPicture(): Promise<Uint8Array | null> {
    return readClipboardPicture();
  }

  noteWork(work: Parameters<RecentWork['note']>[0]): void {
    this.#services.recentWork.note(work);
  }

  showKeys(keys: MenuKeys): void {
    this.#services.showKeys(keys);
  }

  async openLogFolder(): Promise<void> {
    const reason = await shell.openPath(this.#services.logFolder);
    if (reason !== '')
      throw new StudioError('file-unreadable', 'The log folder could not be opened.', `It is ${this.#services.logFolder}.`, {
        reason,
      });
  }

  keychainState(): KeychainState {
    return this.#services.secrets.state;
  }

  setSecret(secret: NewSecret): void {
    this.#services.secrets.set(secret);
  }

  forgetSecret(name: string): void {
    this.#services.secrets.forget(name);
  }

  updateState(): UpdateState {
    return this.#services.updates.state;
  }

  checkForUpdate(): Promise<void> {
    return this.#services.updates.check();
  }

  fetchUpdate(): void {
    this.#services.updates.bring();
  }

  stopUpdate(): void {
    this.#services.updates.stop();
  }

  restartToUpdate(): void {
    this.#services.updates.restart();
  }

  setUpdates(settings: UpdateSettings): void {
    this.#services.updates.choose(settings);
  }

  logFailure(error: unknown): string {
    return this.#services.logFailure(error);
  }

  async #save(name: string, extension: string, bytes: Uint8Array | string): Promise<string | null> {
    const { canceled, filePath } = await dialog.showSaveDialog(this.#window(), {
      defaultPath: join(this.#lastFolder, name),
      filters: [{ name: extension.toUpperCase(), extensions: [extension] }],
    });
    if (canceled || filePath === '') return null;
    this.#lastFolder = dirname(filePath);
    await this.#services.pictures.write(filePath, bytes);
    return basename(filePath);
  }

  #window(): BrowserWindow {
    const window = this.#services.window();
    if (window === null) throw new StudioError('bad-request', 'There is no window to do this in.', 'Open the window first.');
    return window;
  }
}

/** What the bridge's requests do on this desktop. */
export function answerBridge(services: BridgeServices): BridgeAnswers {
  return new DesktopAnswers(services);
}
