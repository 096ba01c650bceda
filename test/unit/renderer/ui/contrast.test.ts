import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const tokens = readFileSync(new URL('../../../../renderer/ui/tokens.css', import.meta.url), 'utf8');

type Theme = 'light' | 'dark';

/** What the tokens of a block say in one theme: lightness 0..1, chroma, hue in degrees. Colours that let others through are left out. */
function readTokens(block: string, theme: Theme): ReadonlyMap<string, readonly number[]> {
  const pairs = block.matchAll(/--([\w-]+): light-dark\(oklch\(([^/)]*)\), oklch\(([^/)]*)\)\);/g);
  return new Map(
    [...pairs].map(([, name = '', light = '', dark = '']) => {
      const [lightness = '', chroma = '', hue = ''] = (theme === 'light' ? light : dark).split(' ');
      return [name, [Number.parseFloat(lightness) / 100, Number(chroma), Number(hue)]];
    }),
  );
}

/** Relative luminance (WCAG 2.2) of an OKLCH colour; the matrices are those of CSS Color 4. */
function luminance([lightness = 0, chroma = 0, hue = 0]: readonly number[]): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const within = (value: number): number => Math.min(1, Math.max(0, value));
  const red = within(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = within(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = within(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(first: readonly number[], second: readonly number[]): number {
  const [darker = 0, lighter = 0] = [luminance(first), luminance(second)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

const grounds = ['canvas', 'panel', 'raised', 'hover', 'field'];
const texts = ['ink', 'quiet', 'accent', 'good', 'failure', 'origin-image-a', 'origin-image-b', 'origin-language', 'origin-hand'];
/** Edges of fields, boxes and tracks, what is chosen, and the ring around what has the focus. */
const controls = ['edge', 'accent', 'focus'];

const blocks = [...tokens.matchAll(/:root(\[data-contrast='more'\])? \{([^}]*)\}/g)];
const usual = blocks
  .filter(([, more]) => more === undefined)
  .map(([, , block]) => block)
  .join('');
const more = blocks
  .filter(([, high]) => high !== undefined)
  .map(([, , block]) => block)
  .join('');

describe.each([
  ['light', 'usual'],
  ['dark', 'usual'],
  ['light', 'high'],
  ['dark', 'high'],
] as const)('in %s with %s contrast', (theme, amount) => {
  const all = new Map([...readTokens(usual, theme), ...(amount === 'high' ? readTokens(more, theme) : [])]);
  const colour = (name: string): readonly number[] => {
    const value = all.get(name);
    if (value === undefined) throw new Error(`no token --${name}`);
    return value;
  };
  const weak = (names: readonly string[], least: number): string[] =>
    names.flatMap((name) =>
      grounds.flatMap((ground) => {
        const ratio = contrast(colour(name), colour(ground));
        return ratio < least ? [`${name} on ${ground}: ${ratio.toFixed(2)}`] : [];
      }),
    );

  it('texts stand out by 4.5 to 1', () => {
    expect(weak(texts, 4.5)).toEqual([]);
    expect(contrast(colour('on-accent'), colour('accent'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour('ink'), colour('pressed'))).toBeGreaterThanOrEqual(4.5);
  });

  it('controls stand out by 3 to 1', () => {
    expect(weak(controls, 3)).toEqual([]);
  });
});

it('measures as WCAG does', () => {
  expect(contrast([1, 0, 0], [0, 0, 0])).toBeCloseTo(21, 5);
  // #767676 is the lightest grey that stands out by 4.5 on white.
  expect(contrast([1, 0, 0], [0.5658, 0, 0])).toBeCloseTo(4.54, 1);
});
