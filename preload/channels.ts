/** Names of the messages between page and program. No imports here: the preload runs in the sandbox and must stay small. */
export const requestChannels = {
  greet: 'desktop:greet',
  restartCore: 'desktop:restart-core',
  choosePictures: 'desktop:choose-pictures',
  addFiles: 'desktop:add-files',
  savePicture: 'desktop:save-picture',
  saveText: 'desktop:save-text',
  chooseFolder: 'desktop:choose-folder',
  keepPicture: 'desktop:keep-picture',
  dragPicture: 'desktop:drag-picture',
  copyPicture: 'desktop:copy-picture',
  readClipboardPicture: 'desktop:read-clipboard-picture',
  noteWork: 'desktop:note-work',
  showKeys: 'desktop:show-keys',
  openLogFolder: 'desktop:open-log-folder',
  keychainState: 'desktop:keychain-state',
  setSecret: 'desktop:set-secret',
  forgetSecret: 'desktop:forget-secret',
  updateState: 'desktop:update-state',
  checkForUpdate: 'desktop:check-for-update',
  fetchUpdate: 'desktop:fetch-update',
  stopUpdate: 'desktop:stop-update',
  restartToUpdate: 'desktop:restart-to-update',
  setUpdates: 'desktop:set-updates',
} as const;

export const pushChannels = {
  command: 'desktop:command',
  files: 'desktop:files',
  link: 'desktop:link',
  core: 'desktop:core',
  update: 'desktop:update',
} as const;
