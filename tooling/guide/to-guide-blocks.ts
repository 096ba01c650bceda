import type { GuideBlock, GuideText } from '../../renderer/features/guide/guide-page.ts';
import type { MarkdownNode } from './parse-markdown.ts';

/** What a link or a picture of one page leads to. */
export interface GuideLinks {
  /** The page of the manual that an address names; null where it leads elsewhere. */
  pageOf(address: string): string | null;
  /** Where what is no page lies, as a person is told. */
  outsideOf(address: string): string;
  /** Where the page has a picture that lies at this address in the folder of the manual. */
  pictureOf(address: string): string;
}

/** The text alone, without marks. */
export function plainText(node: MarkdownNode): string {
  return node.value ?? node.children?.map(plainText).join('') ?? '';
}

function refuse(node: MarkdownNode): never {
  throw new Error(`line ${node.position?.start.line ?? 0}: the manual has no way to show "${node.type}" there`);
}

const children = (node: MarkdownNode): readonly MarkdownNode[] => node.children ?? [];

/** Marks hold words alone: no link in bold, no picture in a link. */
function wordsOf(node: MarkdownNode): string {
  for (const child of children(node)) if (child.type !== 'text' && child.type !== 'inlineCode') refuse(child);
  return plainText(node).replaceAll(/\s+/g, ' ');
}

function toText(node: MarkdownNode, links: GuideLinks): GuideText {
  const text = wordsOf(node);
  switch (node.type) {
    case 'text':
      return { kind: 'plain', text };
    case 'strong':
    case 'emphasis':
      return { kind: node.type, text };
    case 'inlineCode':
      return { kind: 'code', text };
    case 'link': {
      const page = links.pageOf(node.url ?? '');
      return page === null ? { kind: 'outside', text, address: links.outsideOf(node.url ?? '') } : { kind: 'page', text, page };
    }
    default:
      return refuse(node);
  }
}

const toTexts = (node: MarkdownNode, links: GuideLinks): readonly GuideText[] =>
  children(node).map((child) => toText(child, links));

function toItem(item: MarkdownNode, links: GuideLinks): readonly GuideText[] {
  const [paragraph, ...more] = children(item);
  if (paragraph?.type !== 'paragraph' || more.length > 0) return refuse(more[0] ?? item);
  return toTexts(paragraph, links);
}

function toBlock(node: MarkdownNode, links: GuideLinks): GuideBlock {
  switch (node.type) {
    case 'heading':
      if (node.depth !== 2 && node.depth !== 3) return refuse(node);
      return { kind: 'heading', depth: node.depth, texts: toTexts(node, links) };
    case 'paragraph': {
      const [only, ...more] = children(node);
      if (only?.type === 'image' && more.length === 0)
        return { kind: 'picture', address: links.pictureOf(only.url ?? ''), about: only.alt ?? '' };
      return { kind: 'paragraph', texts: toTexts(node, links) };
    }
    case 'list':
      return { kind: 'list', ordered: node.ordered === true, items: children(node).map((item) => toItem(item, links)) };
    case 'code':
      return { kind: 'code', text: node.value ?? '' };
    case 'table': {
      const [head = [], ...rows] = children(node).map((row) => children(row).map((cell) => toTexts(cell, links)));
      return { kind: 'table', head, rows };
    }
    default:
      return refuse(node);
  }
}

/**
 * What is under the title of a page.
 * @throws Error naming the line of what the manual cannot show, such as HTML or a list in a list
 */
export function toGuideBlocks(nodes: readonly MarkdownNode[], links: GuideLinks): readonly GuideBlock[] {
  return nodes.map((node) => toBlock(node, links));
}
