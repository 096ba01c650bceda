import type { LibraryItem, Lineage } from '../../../../contract/library.ts';

export interface LineageNode {
  readonly item: LibraryItem;
  /** The item whose lineage is shown. */
  readonly centre: boolean;
  readonly left: number;
  readonly top: number;
}

export interface LineageEdge {
  readonly from: LineageNode;
  readonly to: LineageNode;
}

export interface LineageLayout {
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
  readonly width: number;
  readonly height: number;
  /** Items left out, because no one reads a graph of hundreds. */
  readonly hidden: number;
}

/** Sizes in CSS pixels. */
export const nodeWidth = 152;
export const nodeHeight = 176;
const columnGap = 72;
const rowGap = 16;
const padding = 32;
const mostNodes = 120;

/** Columns from left to right by how many steps an item is from the first of its ancestors: picture → text → picture. */
export function layOutLineage(lineage: Lineage): LineageLayout {
  const all = [...lineage.ancestors, lineage.item, ...lineage.descendants];
  const near = all.slice(0, mostNodes);
  // The item itself is always there, however many ancestors it has.
  const shown = near.includes(lineage.item) ? near : [lineage.item, ...near.slice(1)];
  const byId = new Map(shown.map((item) => [item.id, item]));
  const depths = new Map<string, number>();
  const depthOf = (item: LibraryItem, seen: ReadonlySet<string>): number => {
    const known = depths.get(item.id);
    if (known !== undefined) return known;
    // Parents that form a ring are no one's parents.
    const parents = item.parents.flatMap((id) => (seen.has(id) ? [] : (byId.get(id) ?? [])));
    const depth = Math.max(-1, ...parents.map((parent) => depthOf(parent, new Set([...seen, item.id])))) + 1;
    depths.set(item.id, depth);
    return depth;
  };
  const columns: LibraryItem[][] = [];
  for (const item of shown) (columns[depthOf(item, new Set())] ??= []).push(item);
  const tallest = Math.max(...columns.map(({ length }) => length));
  const heightOf = (count: number): number => count * nodeHeight + (count - 1) * rowGap;
  const nodes = columns.flatMap((items, column) => {
    const begin = padding + (heightOf(tallest) - heightOf(items.length)) / 2;
    return items.map((item, row) => ({
      item,
      centre: item.id === lineage.item.id,
      left: padding + column * (nodeWidth + columnGap),
      top: begin + row * (nodeHeight + rowGap),
    }));
  });
  const nodeOf = new Map(nodes.map((node) => [node.item.id, node]));
  const edges = nodes.flatMap((to) =>
    to.item.parents.flatMap((id) => {
      const from = nodeOf.get(id);
      return from === undefined || from.left >= to.left ? [] : [{ from, to }];
    }),
  );
  return {
    nodes,
    edges,
    width: 2 * padding + columns.length * nodeWidth + (columns.length - 1) * columnGap,
    height: 2 * padding + heightOf(tallest),
    hidden: all.length - shown.length,
  };
}
