import { comfyuiFiles } from './written-by-comfyui.ts';
import { fooocusFiles } from './written-by-fooocus.ts';
import { otherFiles } from './written-by-others.ts';
import { studioFiles } from './written-by-the-studio.ts';
import { webUiFiles } from './written-by-web-ui.ts';

/** Files of every writer, made by code. */
export const writtenFiles = [...webUiFiles, ...comfyuiFiles, ...otherFiles, ...fooocusFiles, ...studioFiles];
