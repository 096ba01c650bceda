import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebFrameMain } from 'electron';
import { z } from 'zod';
import type {
  AddedFile,
  DesktopGreeting,
  KeychainState,
  MenuKeys,
  NewSecret,
  Outcome,
  PictureReference,
  TextFile,
  WorkReference,
} from '../../../../contract/desktop.ts';
import {
  menuKeysSchema,
  newSecretSchema,
  pictureReferenceSchema,
  textFileSchema,
  workReferenceSchema,
} from '../../../../contract/desktop.ts';
import { StudioError } from '../../../../contract/errors.ts';
import { updateSettingsSchema } from '../../../../contract/outside/updates.ts';
import type { UpdateSettings, UpdateState } from '../../../../contract/outside/updates.ts';
import { requestChannels } from '../../../../preload/channels.ts';
import { studioOrigin } from '../answer-scheme.ts';

/** What the page can ask for; the same list as the bridge's, with inputs already checked. */
export interface BridgeAnswers {
  greet(): DesktopGreeting;
  restartCore(): void;
  choosePictures(): Promise<readonly AddedFile[]>;
  addFiles(paths: readonly string[]): Promise<readonly AddedFile[]>;
  savePicture(picture: PictureReference): Promise<string | null>;
  saveText(file: TextFile): Promise<string | null>;
  chooseFolder(): Promise<string | null>;
  chooseModelFile(): Promise<string | null>;
  keepPicture(picture: PictureReference): Promise<string>;
  dragPicture(picture: PictureReference): Promise<void>;
  copyPicture(picture: PictureReference): Promise<void>;
  readClipboardPicture(): Promise<Uint8Array | null>;
  noteWork(work: WorkReference): void;
  showKeys(keys: MenuKeys): void;
  openLogFolder(): Promise<void>;
  keychainState(): KeychainState;
  setSecret(secret: NewSecret): void;
  forgetSecret(name: string): void;
  updateState(): UpdateState;
  checkForUpdate(): Promise<void>;
  fetchUpdate(): void;
  stopUpdate(): void;
  restartToUpdate(): void;
  setUpdates(settings: UpdateSettings): void;
  /** A failure nobody expected; gives the id under which it was logged. */
  logFailure(error: unknown): string;
}

export interface PageIdentity {
  /** The frame of the studio's window, or null when there is none. */
  readonly mainFrame: () => WebFrameMain | null;
}

const nothingSchema = z.undefined();
const pathsSchema = z.object({ paths: z.array(z.string()).max(10_000) });

/** Only the studio's own page, in the studio's own window, in its outermost frame. */
function isOwnPage(event: IpcMainEvent | IpcMainInvokeEvent, page: PageIdentity): boolean {
  const frame = page.mainFrame();
  const sender = event.senderFrame;
  return frame !== null && sender === frame && frame.parent === null && sender.url.startsWith(`${studioOrigin}/`);
}

function refused(message: string): StudioError {
  return new StudioError('bad-request', message, 'Reload the page: page and program may be of different versions.');
}

async function settle(work: () => unknown, answers: BridgeAnswers): Promise<Outcome<unknown>> {
  try {
    return { type: 'done', value: (await work()) ?? null };
  } catch (error) {
    if (error instanceof StudioError) return { type: 'failed', error: error.toBody() };
    const logId = answers.logFailure(error);
    const failure = new StudioError('internal', 'The program could not do that.', 'Try again; the log says more.', { logId });
    return { type: 'failed', error: failure.toBody() };
  }
}

/** Answers the bridge. Who asks is checked first, what they ask second; nothing else is listened to. */
export function serveBridge(ipc: IpcMain, page: PageIdentity, answers: BridgeAnswers): void {
  const parse = <Input>(schema: z.ZodType<Input>, input: unknown): Input => {
    const parsed = schema.safeParse(input);
    if (!parsed.success) throw refused('The page asked for something the program does not know.');
    return parsed.data;
  };
  const handle = <Input>(channel: string, schema: z.ZodType<Input>, answer: (input: Input) => unknown) => {
    ipc.handle(channel, (event, input: unknown) =>
      settle(() => {
        if (!isOwnPage(event, page)) throw refused('This request does not come from the studio’s own page.');
        return answer(parse(schema, input));
      }, answers),
    );
  };
  const receive = <Input>(channel: string, schema: z.ZodType<Input>, answer: (input: Input) => unknown) => {
    ipc.on(channel, (event, input: unknown) => {
      const parsed = schema.safeParse(input);
      if (!isOwnPage(event, page) || !parsed.success) return;
      void settle(() => answer(parsed.data), answers);
    });
  };
  handle(requestChannels.greet, nothingSchema, () => answers.greet());
  handle(requestChannels.restartCore, nothingSchema, () => answers.restartCore());
  handle(requestChannels.choosePictures, nothingSchema, () => answers.choosePictures());
  handle(requestChannels.addFiles, pathsSchema, ({ paths }) => answers.addFiles(paths));
  handle(requestChannels.savePicture, pictureReferenceSchema, (picture) => answers.savePicture(picture));
  handle(requestChannels.saveText, textFileSchema, (file) => answers.saveText(file));
  handle(requestChannels.chooseFolder, nothingSchema, () => answers.chooseFolder());
  handle(requestChannels.chooseModelFile, nothingSchema, () => answers.chooseModelFile());
  handle(requestChannels.keepPicture, pictureReferenceSchema, (picture) => answers.keepPicture(picture));
  handle(requestChannels.copyPicture, pictureReferenceSchema, (picture) => answers.copyPicture(picture));
  handle(requestChannels.readClipboardPicture, nothingSchema, () => answers.readClipboardPicture());
  handle(requestChannels.keychainState, nothingSchema, () => answers.keychainState());
  handle(requestChannels.setSecret, newSecretSchema, (secret) => answers.setSecret(secret));
  handle(requestChannels.forgetSecret, newSecretSchema.pick({ name: true }), ({ name }) => answers.forgetSecret(name));
  handle(requestChannels.updateState, nothingSchema, () => answers.updateState());
  handle(requestChannels.checkForUpdate, nothingSchema, () => answers.checkForUpdate());
  handle(requestChannels.fetchUpdate, nothingSchema, () => answers.fetchUpdate());
  handle(requestChannels.stopUpdate, nothingSchema, () => answers.stopUpdate());
  handle(requestChannels.restartToUpdate, nothingSchema, () => answers.restartToUpdate());
  handle(requestChannels.setUpdates, updateSettingsSchema, (settings) => answers.setUpdates(settings));
  handle(requestChannels.openLogFolder, nothingSchema, () => answers.openLogFolder());
  receive(requestChannels.dragPicture, pictureReferenceSchema, (picture) => answers.dragPicture(picture));
  receive(requestChannels.showKeys, menuKeysSchema, (keys) => answers.showKeys(keys));
  receive(requestChannels.noteWork, workReferenceSchema, (work) => answers.noteWork(work));
}
