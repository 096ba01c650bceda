import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';
import { readGuide } from './read-guide.ts';

/**
 * Lets the page import the manual: `docs/guide/README.md` is a module with the pages it lists, ready to be shown, and the build puts
 * the pictures beside the page. Nothing of it is markdown or HTML any more when a browser gets it.
 */
export function guidePlugin(): Plugin {
  return {
    name: 'guide',
    async load(id) {
      if (!id.endsWith('/docs/guide/README.md')) return null;
      const { pages, files, pictures } = await readGuide(id);
      for (const file of files) this.addWatchFile(file);
      if (this.environment.mode === 'build')
        for (const [fileName, file] of pictures) this.emitFile({ type: 'asset', fileName, source: await readFile(file) });
      return `export const pages = ${JSON.stringify(pages)};`;
    },
  };
}
