import { fileURLToPath } from 'node:url';

/** Where the packs that come with the studio lie: `models/packs` beside the core, in the project as in the app. */
export const EMBEDDED_PACKS_FOLDER = fileURLToPath(new URL('../../models/packs/', import.meta.url));
