import { existsSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { listBundledPackages, listProductionPackages } from './list-production-packages.ts';
import { readNotice } from './read-notice.ts';
import type { Notice } from './read-notice.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Texts of others in the project's own folders, by what they are for. */
const partsWithoutPackage = [
  { name: "CLIP's vocabulary", file: 'main/tokenizer/clip-vocabulary/LICENSE' },
  { name: 'Words of the built-in writer', file: 'main/language/lexicon/LICENSE' },
  { name: 'Tiny Scenes, the embedded pack', file: 'models/packs/tiny-scenes/LICENSE' },
] as const;

const rule = '-'.repeat(78);

/** The packages whose modules became part of the page, as folders below the root. */
function packagesOf(moduleIds: Iterable<string>): readonly string[] {
  const folders = new Set<string>();
  for (const id of moduleIds) {
    // The innermost package of a path: one may lie in another.
    const match = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(
      id
        .split(sep)
        .join('/')
        .replace(/[\0?].*$/, ''),
    );
    if (match !== null) folders.add(match[0].slice(match[0].indexOf('/node_modules/') + 1));
  }
  return [...folders];
}

/** One text of all: a list first, then each package with its licence. Those of one name and version once. */
export function composeNotices(notices: readonly Notice[]): string {
  const sorted = [...new Map(notices.map((notice) => [`${notice.name} ${notice.version}`, notice])).values()].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  const list = sorted.map(({ name, version, licence }) => `${name} ${version} (${licence})`);
  const texts = sorted.map(({ name, version, licence, text }) => [rule, `${name} ${version} (${licence})`, '', text].join('\n'));
  const parts = partsWithoutPackage.map(({ name, file }) =>
    [rule, name, '', readFileSync(join(root, file), 'utf8').trim()].join('\n'),
  );
  const head =
    'De-Diffusion Studio contains the work of others, under their own licences. The desktop program also contains Electron and Chromium, whose licences lie beside it.';
  return `${[head, list.join('\n'), ...texts, ...parts].join('\n\n')}\n`;
}

/** Writes `notices.txt` beside the page: what is in the page's own scripts and the desktop program, and what the core needs on this system. */
export function noticesPlugin(): Plugin {
  return {
    name: 'notices',
    apply: 'build',
    async generateBundle(_options, bundle) {
      const ids = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
      const core = await listProductionPackages(root, process.platform, process.arch);
      const desktop = await listBundledPackages(root);
      const folders = [...packagesOf(ids), ...core.map(({ folder }) => folder), ...desktop].filter((folder) =>
        existsSync(join(root, folder)),
      );
      const notices = [...folders, 'node_modules/@fontsource-variable/inter'].map((folder) => readNotice(root, folder));
      this.emitFile({ type: 'asset', fileName: 'notices.txt', source: composeNotices(notices) });
    },
  };
}
