import type { AddedFile, DesktopBridge, MenuKeys, PictureReference, TextFile, WorkReference } from '../../contract/desktop.ts';
import type { Keychain, Platform, ProgramUpdates, SaveFolder } from './platform.ts';
import { takeOutcome } from './take-outcome.ts';

/** The desktop program around the page. */
export class DesktopWindow implements Platform {
  /** A drag of the system begins in place of the page's own. */
  readonly dragsOnlyFiles = true;
  readonly #bridge: DesktopBridge;

  constructor(bridge: DesktopBridge) {
    this.#bridge = bridge;
  }

  async savePicture(picture: PictureReference): Promise<string | null> {
    return takeOutcome(await this.#bridge.savePicture(picture));
  }

  async saveText(file: TextFile): Promise<string | null> {
    return takeOutcome(await this.#bridge.saveText(file));
  }

  async chooseFolder(): Promise<SaveFolder | null> {
    const name = takeOutcome(await this.#bridge.chooseFolder());
    if (name === null) return null;
    const keep = async (picture: PictureReference): Promise<void> => {
      takeOutcome(await this.#bridge.keepPicture(picture));
    };
    return { name, keep };
  }

  async copyPicture(picture: PictureReference): Promise<void> {
    takeOutcome(await this.#bridge.copyPicture(picture));
  }

  async readClipboardPicture(): Promise<Blob | null> {
    const bytes = takeOutcome(await this.#bridge.readClipboardPicture());
    return bytes === null ? null : new Blob([new Uint8Array(bytes)], { type: 'image/png' });
  }

  dragPicture(event: DragEvent, picture: PictureReference): void {
    event.preventDefault();
    this.#bridge.dragPicture(picture);
  }

  readonly choosePictures = async (): Promise<readonly AddedFile[]> => takeOutcome(await this.#bridge.choosePictures());

  readonly addFiles = async (files: readonly File[]): Promise<readonly AddedFile[]> =>
    takeOutcome(await this.#bridge.addFiles(files));

  readonly chooseModelFile = async (): Promise<string | null> => takeOutcome(await this.#bridge.chooseModelFile());

  noteWork(work: WorkReference): void {
    this.#bridge.noteWork(work);
  }

  showKeys(keys: MenuKeys): void {
    this.#bridge.showKeys(keys);
  }

  readonly openLogFolder = async (): Promise<void> => {
    takeOutcome(await this.#bridge.openLogFolder());
  };

  readonly keychain: Keychain = {
    state: async () => takeOutcome(await this.#bridge.keychainState()),
    set: async (secret) => {
      takeOutcome(await this.#bridge.setSecret(secret));
    },
    forget: async (name) => {
      takeOutcome(await this.#bridge.forgetSecret(name));
    },
  };

  readonly updates: ProgramUpdates = {
    state: async () => takeOutcome(await this.#bridge.updateState()),
    follow: (listener) => void this.#bridge.onUpdate(listener),
    check: async () => {
      takeOutcome(await this.#bridge.checkForUpdate());
    },
    bring: async () => {
      takeOutcome(await this.#bridge.fetchUpdate());
    },
    stop: async () => {
      takeOutcome(await this.#bridge.stopUpdate());
    },
    restart: async () => {
      takeOutcome(await this.#bridge.restartToUpdate());
    },
    set: async (settings) => {
      takeOutcome(await this.#bridge.setUpdates(settings));
    },
  };

  readonly restartCore = async (): Promise<void> => {
    takeOutcome(await this.#bridge.restartCore());
  };
}
