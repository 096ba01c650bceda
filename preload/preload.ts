import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { DesktopBridge, Outcome } from '../contract/desktop.ts';
import { pushChannels, requestChannels } from './channels.ts';

/** The answer's shape is made by the program itself, which the page trusts; what the page sends is checked over there. */
function ask(channel: string, input?: unknown): Promise<Outcome<never>> {
  return ipcRenderer.invoke(channel, input) as Promise<Outcome<never>>;
}

function listen(channel: string, listener: (value: never) => void): () => void {
  // The event object stays here: it would hand the page a way to the message bus.
  const receive = (_event: unknown, value: unknown): void => listener(value as never);
  ipcRenderer.on(channel, receive);
  return () => {
    ipcRenderer.off(channel, receive);
  };
}

function platformName(): DesktopBridge['platform'] {
  return process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux';
}

const bridge: DesktopBridge = {
  platform: platformName(),
  greet: () => ask(requestChannels.greet),
  onCommand: (listener) => listen(pushChannels.command, listener),
  onFiles: (listener) => listen(pushChannels.files, listener),
  onLink: (listener) => listen(pushChannels.link, listener),
  onCore: (listener) => listen(pushChannels.core, listener),
  restartCore: () => ask(requestChannels.restartCore),
  choosePictures: () => ask(requestChannels.choosePictures),
  // A path comes only out of a File that the person dropped or pasted, so a page cannot name files of its own choice.
  addFiles: (files) => ask(requestChannels.addFiles, { paths: files.map((file) => webUtils.getPathForFile(file as File)) }),
  savePicture: (picture) => ask(requestChannels.savePicture, picture),
  saveText: (file) => ask(requestChannels.saveText, file),
  chooseFolder: () => ask(requestChannels.chooseFolder),
  chooseModelFile: () => ask(requestChannels.chooseModelFile),
  keepPicture: (picture) => ask(requestChannels.keepPicture, picture),
  dragPicture: (picture) => ipcRenderer.send(requestChannels.dragPicture, picture),
  copyPicture: (picture) => ask(requestChannels.copyPicture, picture),
  readClipboardPicture: () => ask(requestChannels.readClipboardPicture),
  showKeys: (keys) => ipcRenderer.send(requestChannels.showKeys, keys),
  noteWork: (work) => ipcRenderer.send(requestChannels.noteWork, work),
  openLogFolder: () => ask(requestChannels.openLogFolder),
  keychainState: () => ask(requestChannels.keychainState),
  setSecret: (secret) => ask(requestChannels.setSecret, secret),
  forgetSecret: (name) => ask(requestChannels.forgetSecret, { name }),
  updateState: () => ask(requestChannels.updateState),
  onUpdate: (listener) => listen(pushChannels.update, listener),
  checkForUpdate: () => ask(requestChannels.checkForUpdate),
  fetchUpdate: () => ask(requestChannels.fetchUpdate),
  stopUpdate: () => ask(requestChannels.stopUpdate),
  restartToUpdate: () => ask(requestChannels.restartToUpdate),
  setUpdates: (settings) => ask(requestChannels.setUpdates, settings),
};

contextBridge.exposeInMainWorld('dediffusion', Object.freeze(bridge));
