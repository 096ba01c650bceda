import type {
  AddedFile,
  KeychainState,
  MenuKeys,
  NewSecret,
  PictureReference,
  TextFile,
  WorkReference,
} from '../../contract/desktop.ts';
import type { UpdateSettings, UpdateState } from '../../contract/outside/updates.ts';

/** Where several pictures are saved. */
export interface SaveFolder {
  /** As in "saved in Pictures". */
  readonly name: string;
  /** Under a name of its own: nothing there is replaced. */
  keep(picture: PictureReference): Promise<void>;
}

/** Where the desktop keeps keys of other programs. They go in and are never read back. */
export interface Keychain {
  state(): Promise<KeychainState>;
  set(secret: NewSecret): Promise<void>;
  forget(name: string): Promise<void>;
}

/** How the program gets newer. */
export interface ProgramUpdates {
  state(): Promise<UpdateState>;
  /** Calls back with every change from now on. */
  follow(listener: (state: UpdateState) => void): void;
  check(): Promise<void>;
  bring(): Promise<void>;
  stop(): Promise<void>;
  restart(): Promise<void>;
  set(settings: UpdateSettings): Promise<void>;
}

/**
 * What lies around the page: a browser's tab, or the window of the desktop program. One interface, so that nothing else asks
 * which of the two it is. What is null cannot be done there.
 */
export interface Platform {
  /** The name it was saved under; null when the person changed their mind, or where a browser does not tell. */
  savePicture(picture: PictureReference): Promise<string | null>;
  saveText(file: TextFile): Promise<string | null>;
  /** A folder for several pictures; null when the person changed their mind. */
  chooseFolder(): Promise<SaveFolder | null>;
  /** The path of a model file, or null when the person changed their mind. Null: a browser tells no paths, so that they are typed. */
  readonly chooseModelFile: (() => Promise<string | null>) | null;
  copyPicture(picture: PictureReference): Promise<void>;
  /** The picture on the clipboard, or null when it holds none. */
  readClipboardPicture(): Promise<Blob | null>;
  /** Whether a picture that is dragged out as a file can carry nothing else with it, such as items for a board of the page. */
  readonly dragsOnlyFiles: boolean;
  /** Call in `dragstart`: the picture can be dropped on any other program. */
  dragPicture(event: DragEvent, picture: PictureReference): void;
  /** The system's dialog; the chosen pictures are in the library afterwards. Null: the page's own file field does it. */
  readonly choosePictures: (() => Promise<readonly AddedFile[]>) | null;
  /** Adds dropped files and folders from where they lie. Null: their bytes have to be sent. */
  readonly addFiles: ((files: readonly File[]) => Promise<readonly AddedFile[]>) | null;
  /** Keeps a piece of work in the list of recent ones. */
  noteWork(work: WorkReference): void;
  /** The menus show the keys that commands have now. */
  showKeys(keys: MenuKeys): void;
  readonly openLogFolder: (() => Promise<void>) | null;
  /** Null: keys come from the environment alone. */
  readonly keychain: Keychain | null;
  readonly restartCore: (() => Promise<void>) | null;
  /** Null: whoever serves the page keeps the studio up to date. */
  readonly updates: ProgramUpdates | null;
}
