import { describe, expect, it } from 'vitest';
import type { LibraryItem } from '../../../../contract/library.ts';
import { layOutLineage, nodeHeight, nodeWidth } from '../../../../renderer/features/library/lineage/lay-out-lineage.ts';

const image = { sha256: 'a'.repeat(64), bytes: 1, width: 64, height: 64, mediaType: 'image/png', thumbhash: '' };
const item = (id: string, parents: readonly string[] = []): LibraryItem => ({
  id,
  createdMs: 1,
  title: id,
  starred: false,
  named: false,
  trashed: false,
  boards: [],
  parents: [...parents],
  kind: 'picture',
  image,
});

describe('a lineage', () => {
  it('stands in columns from left to right, without overlaps', () => {
    const lineage = {
      item: item('text', ['picture']),
      ancestors: [item('picture')],
      descendants: [item('one', ['text']), item('two', ['text']), item('from two', ['two', 'picture'])],
    };
    const { nodes, edges, width, height, hidden } = layOutLineage(lineage);
    const at = (id: string) => nodes.find((node) => node.item.id === id)?.left ?? Number.NaN;
    expect(at('picture')).toBeLessThan(at('text'));
    expect(at('text')).toBeLessThan(at('one'));
    expect(at('one')).toBe(at('two'));
    expect(at('two')).toBeLessThan(at('from two'));
    expect(edges.map(({ from, to }) => `${from.item.id} → ${to.item.id}`).sort()).toEqual([
      'picture → from two',
      'picture → text',
      'text → one',
      'text → two',
      'two → from two',
    ]);
    expect(nodes.filter(({ centre }) => centre).map((node) => node.item.id)).toEqual(['text']);
    for (const a of nodes) {
      expect(a.left + nodeWidth).toBeLessThanOrEqual(width);
      expect(a.top + nodeHeight).toBeLessThanOrEqual(height);
      for (const b of nodes) if (a !== b && a.left === b.left) expect(Math.abs(a.top - b.top)).toBeGreaterThan(nodeHeight);
    }
    expect(hidden).toBe(0);
  });

  it('comes to an end with parents that form a ring, and with hundreds of descendants', () => {
    const ring = { item: item('a', ['b']), ancestors: [item('b', ['a'])], descendants: [] };
    expect(layOutLineage(ring).nodes).toHaveLength(2);
    const many = Array.from({ length: 400 }, (_, at) => item(`child ${at}`, ['root']));
    const { nodes, hidden } = layOutLineage({ item: item('root'), ancestors: [], descendants: many });
    expect(nodes.length + hidden).toBe(401);
    expect(nodes.some(({ centre }) => centre)).toBe(true);
  });

  it('keeps the item itself among hundreds of ancestors', () => {
    const ancestors = Array.from({ length: 200 }, (_, at) => item(`ancestor ${at}`));
    const { nodes } = layOutLineage({ item: item('last', ['ancestor 3']), ancestors, descendants: [] });
    expect(nodes.some(({ centre }) => centre)).toBe(true);
  });
});
