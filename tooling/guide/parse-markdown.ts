import { format } from 'prettier';
import type { Plugin } from 'prettier';
import { parsers } from 'prettier/plugins/markdown';
import { z } from 'zod';

/** A node of mdast as the parser gives it: https://github.com/syntax-tree/mdast. Only what the manual is made of is named. */
export interface MarkdownNode {
  readonly type: string;
  readonly children?: readonly MarkdownNode[] | undefined;
  readonly value?: string | undefined;
  readonly url?: string | undefined;
  readonly alt?: string | null | undefined;
  readonly depth?: number | undefined;
  readonly ordered?: boolean | null | undefined;
  readonly lang?: string | null | undefined;
  readonly position?: { readonly start: { readonly line: number } } | undefined;
}

const nodeSchema: z.ZodType<MarkdownNode> = z.lazy(() =>
  z.object({
    type: z.string(),
    children: z.array(nodeSchema).optional(),
    value: z.string().optional(),
    url: z.string().optional(),
    alt: z.string().nullish(),
    depth: z.number().optional(),
    ordered: z.boolean().nullish(),
    lang: z.string().nullish(),
    position: z.object({ start: z.object({ line: z.number() }) }).optional(),
  }),
);

/** Prettier parses markdown well and is here anyway; a printer that writes the tree as JSON is its public way to that tree. */
const treePrinter: Plugin = {
  parsers: { tree: { ...parsers.markdown, astFormat: 'tree' } },
  printers: { tree: { print: ({ node }) => JSON.stringify(node) } },
};

/** The tree of a text in CommonMark with tables. */
export async function parseMarkdown(text: string): Promise<MarkdownNode> {
  return nodeSchema.parse(JSON.parse(await format(text, { parser: 'tree', plugins: [treePrinter] })));
}
