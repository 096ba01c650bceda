import { readFile } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import type { GuidePage } from '../../renderer/features/guide/guide-page.ts';
import { parseMarkdown } from './parse-markdown.ts';
import type { MarkdownNode } from './parse-markdown.ts';
import { plainText, toGuideBlocks } from './to-guide-blocks.ts';

/** The manual, and the files it was read from. */
export interface Guide {
  readonly pages: readonly GuidePage[];
  /** Every page's file. */
  readonly files: readonly string[];
  /** Pictures that pages show, by the address they have beside the page of the studio. */
  readonly pictures: ReadonlyMap<string, string>;
}

const nameOf = (address: string): string => basename(address, '.md');

/** Addresses that a table of contents links to, in its order. */
function listLinks(node: MarkdownNode): readonly string[] {
  const own = node.type === 'link' && node.url !== undefined ? [node.url] : [];
  return [...own, ...(node.children ?? []).flatMap(listLinks)];
}

/**
 * Reads the manual: the pages that the list in its README names, in that order.
 * @param contents the README of the manual's folder
 * @throws Error naming file and line of what cannot be shown, and of a page without a title
 */
export async function readGuide(contents: string): Promise<Guide> {
  const folder = dirname(contents);
  const table = (await parseMarkdown(await readFile(contents, 'utf8'))).children?.filter(({ type }) => type === 'list') ?? [];
  const names = table.flatMap(listLinks).filter((address) => /^[\w-]+\.md$/.test(address));
  const pictures = new Map<string, string>();
  const links = {
    pageOf: (address: string) => {
      const file = address.replace(/#.*$/, '');
      return names.includes(file) ? nameOf(file) : null;
    },
    outsideOf: (address: string) => (/^[a-z]+:/.test(address) ? address : posix.join('docs/guide', address.replace(/#.*$/, ''))),
    pictureOf: (address: string) => {
      const shown = `guide/${basename(address)}`;
      pictures.set(shown, join(folder, address));
      return shown;
    },
  };
  const files = names.map((name) => join(folder, name));
  const pages = await Promise.all(
    files.map(async (file): Promise<GuidePage> => {
      try {
        const [title, ...rest] = (await parseMarkdown(await readFile(file, 'utf8'))).children ?? [];
        if (title?.type !== 'heading' || title.depth !== 1) throw new Error('line 1: a page begins with its title');
        return { name: nameOf(file), title: plainText(title), blocks: toGuideBlocks(rest, links) };
      } catch (error) {
        throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      }
    }),
  );
  return { pages, files: [contents, ...files], pictures };
}
