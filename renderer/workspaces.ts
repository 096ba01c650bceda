import { batchWorkspace } from './features/batch/batch-workspace.ts';
import { blendWorkspace } from './features/blend/blend-workspace.ts';
import { guideWorkspace } from './features/guide/guide-workspace.ts';
import { libraryWorkspace } from './features/library/library-workspace.ts';
import { packsWorkspace } from './features/packs/packs-workspace.ts';
import { settingsWorkspace } from './features/settings/settings-workspace.ts';
import { studioWorkspace } from './features/studio/studio-workspace.ts';
import { transferWorkspace } from './features/transfer/transfer-workspace.ts';
import type { Workspace } from './state/frame/workspace.ts';

/** Every place of the studio, in the order of the rail. A new one is a line here and nothing else outside its own folders. */
export const workspaces: readonly Workspace[] = [
  studioWorkspace,
  blendWorkspace,
  transferWorkspace,
  libraryWorkspace,
  batchWorkspace,
  packsWorkspace,
  settingsWorkspace,
  guideWorkspace,
];
