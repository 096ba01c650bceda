import { escapeHtml } from '../../../files/escape-html.ts';

/** Lines of one figure over another. */
export interface LinePlot {
  readonly title: string;
  readonly across: string;
  readonly up: string;
  readonly lines: readonly {
    readonly name: string;
    readonly points: readonly { readonly x: number; readonly y: number }[];
  }[];
}

const [width, height] = [640, 420];
const frame = { left: 72, right: 160, top: 48, bottom: 56 };
/** Told apart by people who see few colours, on white. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#7a5195', '#000000'];
const ticksWanted = 5;

/** Round numbers over the span, with at least one on each side of it. */
export function ticksOver(least: number, most: number): number[] {
  const span = most - least || Math.abs(most) || 1;
  const rough = span / ticksWanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  const [from, to] = [Math.floor(least / step), Math.ceil(most / step)];
  return Array.from({ length: Math.max(2, to - from + 1) }, (_, at) => Number(((from + at) * step).toPrecision(12)));
}

const fixed = (value: number): string => String(Math.round(value * 100) / 100);

/**
 * The plot as an SVG picture on white, with its axes, a mark at each point, and the names of the lines beside them.
 * @param plot at least one line with a point
 */
export function plotLines({ title, across, up, lines }: LinePlot): string {
  const points = lines.flatMap((line) => line.points);
  // What was measured is what stands below: a length of 15 between 5 and 75.
  const xs = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const ys = ticksOver(Math.min(...points.map(({ y }) => y)), Math.max(...points.map(({ y }) => y)));
  const scale = (value: number, from: readonly number[], start: number, end: number): number => {
    const [least, most] = [from[0] ?? 0, from.at(-1) ?? 1];
    return most === least ? (start + end) / 2 : start + ((value - least) / (most - least)) * (end - start);
  };
  const [right, bottom] = [width - frame.right, height - frame.bottom];
  const atX = (x: number): string => fixed(scale(x, xs, frame.left + 16, right - 16));
  const atY = (y: number): string => fixed(scale(y, ys, bottom, frame.top));
  const grid = ys.map(
    (y) =>
      `<line x1="${frame.left}" x2="${right}" y1="${atY(y)}" y2="${atY(y)}" stroke="#ddd"/>` +
      `<text x="${frame.left - 8}" y="${atY(y)}" text-anchor="end" dominant-baseline="middle">${y}</text>`,
  );
  const below = xs.map(
    (x) =>
      `<line x1="${atX(x)}" x2="${atX(x)}" y1="${bottom}" y2="${bottom + 5}" stroke="#444"/>` +
      `<text x="${atX(x)}" y="${bottom + 20}" text-anchor="middle">${x}</text>`,
  );
  const drawn = lines.map((line, at) => {
    const colour = colours[at % colours.length] ?? '#000';
    const sorted = [...line.points].sort((a, b) => a.x - b.x);
    const path = sorted.map(({ x, y }) => `${atX(x)},${atY(y)}`).join(' ');
    const marks = sorted.map(({ x, y }) => `<circle cx="${atX(x)}" cy="${atY(y)}" r="4" fill="${colour}"/>`).join('');
    const label = frame.top + 8 + at * 20;
    return (
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${marks}` +
      `<circle cx="${right + 20}" cy="${label}" r="4" fill="${colour}"/>` +
      `<text x="${right + 32}" y="${label}" dominant-baseline="middle">${escapeHtml(line.name)}</text>`
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="13" fill="#222" role="img" aria-label="${escapeHtml(title)}">
<title>${escapeHtml(title)}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="${frame.left}" y="24" font-size="16" font-weight="600">${escapeHtml(title)}</text>
${grid.join('\n')}
<line x1="${frame.left}" x2="${right}" y1="${bottom}" y2="${bottom}" stroke="#444"/>
${below.join('\n')}
<text x="${(frame.left + right) / 2}" y="${height - 14}" text-anchor="middle">${escapeHtml(across)}</text>
<text transform="translate(18 ${(frame.top + bottom) / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(up)}</text>
${drawn.join('\n')}
</svg>
`;
}
