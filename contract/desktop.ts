import { z } from 'zod';
import { errorBodySchema } from './errors.ts';
import type { ErrorBody } from './errors.ts';
import { idSchema, sha256Schema } from './identity.ts';
import { libraryItemSchema } from './library.ts';
import { secretNameSchema } from './outside/network.ts';
import type { UpdateSettings, UpdateState } from './outside/updates.ts';

/** What a menu of the desktop program asks of the page. The page does what it knows and ignores the rest. */
export const menuCommandSchema = z.enum([
  'undo', // in a plain field the page leaves this to the field itself
  'redo',
  'paste-picture',
  'copy-picture',
  'copy-prompt',
  'save-picture',
  'save-prompt',
  'duplicate',
  'toggle-star',
  'read-picture', // picture → text
  'generate', // text → picture
  'cancel-job',
  'length-1', // the pack's shortest text
  'length-2',
  'length-3',
  'show-studio',
  'show-library',
  'show-batch',
  'show-packs',
  'show-guide',
  'show-settings',
  'show-palette',
  'show-shortcuts',
  'compare-mode',
  'before-after',
  'heat-map',
  'zoom-in',
  'zoom-out',
  'zoom-fit',
  'zoom-actual',
  'next-result',
  'previous-result',
]);
export type MenuCommand = z.infer<typeof menuCommandSchema>;

/** The keys each command has now, in the page's way of writing them (`Mod+Shift+C`); null for none. The menus show them. */
export const menuKeysSchema = z.record(z.string().max(80), z.string().max(40).nullable());
export type MenuKeys = z.infer<typeof menuKeysSchema>;

/** One file that was handed to the program: the library item it became, or why it did not. */
export const addedFileSchema = z.object({
  /** The file's name, without its folder. */
  name: z.string(),
  item: libraryItemSchema.nullable(),
  error: errorBodySchema.nullable(),
});
export type AddedFile = z.infer<typeof addedFileSchema>;

/** A `dediffusion://` address. Any web page can offer one, so it may show or propose things and never change any. */
export const deepLinkSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('item'), itemId: idSchema }),
  z.object({ type: z.literal('prompt'), text: z.string().min(1).max(20_000) }),
]);
export type DeepLink = z.infer<typeof deepLinkSchema>;

/** How the studio's core fares. `failed` is not tried again until asked. */
export const coreStateSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('starting') }),
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('restarting'), inMs: z.number().nonnegative(), reason: z.string() }),
  z.object({ type: z.literal('failed'), error: errorBodySchema }),
]);
export type CoreState = z.infer<typeof coreStateSchema>;

/** What was opened while no page was listening, and how things are: asked for once, when the page starts. */
export const desktopGreetingSchema = z.object({
  core: coreStateSchema,
  files: z.array(addedFileSchema),
  links: z.array(deepLinkSchema),
});
export type DesktopGreeting = z.infer<typeof desktopGreetingSchema>;

/** A title becomes a file name, so it is cut to what every file system takes. */
const fileTitleSchema = z.string().max(500);
export const pictureReferenceSchema = z.object({
  sha256: sha256Schema,
  title: fileTitleSchema,
  /** Where the page knows it already; a picture's bytes say it too. */
  mediaType: z.string().max(100).optional(),
});
export type PictureReference = z.infer<typeof pictureReferenceSchema>;

export const textFileSchema = z.object({
  text: z.string().max(20_000_000),
  title: fileTitleSchema,
  /** Without the dot. */
  extension: z.enum(['txt', 'json', 'md', 'csv', 'jsonl', 'html']),
});
export type TextFile = z.infer<typeof textFileSchema>;

export const workReferenceSchema = z.object({ itemId: idSchema, title: z.string().max(500) });
export type WorkReference = z.infer<typeof workReferenceSchema>;

/** Expected failures cross the border between program and page as values: thrown errors lose their fields there. */
export type Outcome<Value> =
  { readonly type: 'done'; readonly value: Value } | { readonly type: 'failed'; readonly error: ErrorBody };

/** A key of another program, on its way into the keychain. Nothing reads it back. */
export const newSecretSchema = z.object({
  name: secretNameSchema,
  value: z.string().min(1).max(4_000),
  /** The person knows that this system has no keychain, so that other programs of theirs could read the key. */
  acceptsWeak: z.boolean(),
});
export type NewSecret = z.infer<typeof newSecretSchema>;

/** How safely keys lie here: in the system's keychain; `weak`, scrambled with a password everybody knows; or not at all. */
export type KeychainState = 'safe' | 'weak' | 'none';

type Stop = () => void;

/**
 * `window.dediffusion`: what only a desktop can do. A page in a browser has none of it and works without.
 * Nothing here gives the page a token or a process, and no path but that of a model file a person chose, which the core is asked to convert by name.
 */
export interface DesktopBridge {
  readonly platform: 'linux' | 'darwin' | 'win32';
  /** Call once, when the page is ready to show files and links. */
  greet(): Promise<Outcome<DesktopGreeting>>;
  onCommand(listener: (command: MenuCommand) => void): Stop;
  /** Files opened with the program, handed over by a second start, or chosen in a menu; already in the library. */
  onFiles(listener: (files: readonly AddedFile[]) => void): Stop;
  onLink(listener: (link: DeepLink) => void): Stop;
  onCore(listener: (state: CoreState) => void): Stop;
  /** Starts a core that gave up. */
  restartCore(): Promise<Outcome<null>>;
  /** The system's dialog to choose pictures; they are added to the library. Empty when the person cancelled. */
  choosePictures(): Promise<Outcome<readonly AddedFile[]>>;
  /** Adds dropped or pasted `File` objects from where they lie, folders with all their pictures included. Files without a place on disk are refused. */
  addFiles(files: readonly object[]): Promise<Outcome<readonly AddedFile[]>>;
  /** The system's save dialog. The name it was saved under, or null when the person cancelled. */
  savePicture(picture: PictureReference): Promise<Outcome<string | null>>;
  saveText(file: TextFile): Promise<Outcome<string | null>>;
  /** The system's dialog to choose a folder that pictures are kept in. Its name, or null when the person cancelled. */
  chooseFolder(): Promise<Outcome<string | null>>;
  /** The system's dialog to choose a model file (a checkpoint, a LoRA, a VAE). Its path, or null when the person cancelled. */
  chooseModelFile(): Promise<Outcome<string | null>>;
  /** Saves into the folder chosen last, under a name that nothing there has. That name. */
  keepPicture(picture: PictureReference): Promise<Outcome<string>>;
  /** Call in `dragstart`, after `preventDefault()`: the picture can be dropped on any other program as a file. */
  dragPicture(picture: PictureReference): void;
  copyPicture(picture: PictureReference): Promise<Outcome<null>>;
  /** The picture on the clipboard as PNG bytes, or null when there is none. */
  readClipboardPicture(): Promise<Outcome<Uint8Array | null>>;
  /** Keeps a piece of work in the list of recent ones in the File menu. */
  noteWork(work: WorkReference): void;
  /** Call when the page starts and whenever a person gives a command other keys. */
  showKeys(keys: MenuKeys): void;
  openLogFolder(): Promise<Outcome<null>>;
  keychainState(): Promise<Outcome<KeychainState>>;
  setSecret(secret: NewSecret): Promise<Outcome<null>>;
  forgetSecret(name: string): Promise<Outcome<null>>;
  updateState(): Promise<Outcome<UpdateState>>;
  onUpdate(listener: (state: UpdateState) => void): Stop;
  /** Looks for a newer version now; what was found is told by `onUpdate`. */
  checkForUpdate(): Promise<Outcome<null>>;
  /** Brings the version that was found, once nobody works. */
  fetchUpdate(): Promise<Outcome<null>>;
  /** Stops bringing it; what came is kept. */
  stopUpdate(): Promise<Outcome<null>>;
  /** Ends the program, installs the version that is ready, and starts it. Refused while jobs run or wait. */
  restartToUpdate(): Promise<Outcome<null>>;
  setUpdates(settings: UpdateSettings): Promise<Outcome<null>>;
}
