import { describe, expect, it } from 'vitest';
import { plotLines, ticksOver } from '../../../main/shell/cli/output/plot-lines.ts';

describe('ticks', () => {
  it.each([
    [0.31, 0.86, [0.2, 0.4, 0.6, 0.8, 1]],
    [0, 0, [0, 0.2]],
    [-3, 12, [-5, 0, 5, 10, 15]],
    [0.001, 0.0042, [0.001, 0.002, 0.003, 0.004, 0.005]],
    [7, 7, [6, 8]],
  ])('from %f to %f are round and lie around both', (least, most, ticks) => {
    expect(ticksOver(least, most)).toEqual(ticks);
  });
});

describe('a plot', () => {
  const lines = [
    {
      name: '5 < 15',
      points: [
        { x: 7, y: 2 },
        { x: 1, y: 4 },
      ],
    },
    { name: 'other', points: [{ x: 1, y: 3 }] },
  ];
  const svg = plotLines({ title: 'A & B', across: 'Guidance', up: 'Figure', lines });

  it('has a mark at each point, lines from the left to the right, and names that are text', () => {
    expect(svg.match(/<circle/g)).toHaveLength(3 + 2);
    const [, points = ''] = /<polyline points="([^"]*)"/.exec(svg) ?? [];
    const [first = [], second = []] = points.split(' ').map((point) => point.split(',').map(Number));
    expect(first[0]).toBeLessThan(second[0] ?? 0);
    // More is higher up.
    expect(first[1]).toBeLessThan(second[1] ?? 0);
    expect(svg).toContain('5 &lt; 15');
    expect(svg).toContain('<title>A &amp; B</title>');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('of one point stands in the middle', () => {
    const alone = plotLines({ title: 'One', across: 'x', up: 'y', lines: [{ name: 'one', points: [{ x: 3, y: 1 }] }] });
    expect(alone).not.toMatch(/NaN|undefined|Infinity/);
    expect(alone.match(/<circle/g)).toHaveLength(2);
  });
});
