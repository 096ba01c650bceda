import { parseArgs } from 'node:util';

/** Every state of the page that the tour comes by, in its order. */
export const states = [
  '1-welcome',
  '2-read-and-drawn',
  '3-attention',
  '4-alternatives',
  '5-words-that-looked-here',
  '6-edited',
  '7-generating',
  '8-variants',
  '8a-slider',
  '9-difference',
  '9a-zoomed',
  '9b-blind-spots',
  '9c-measuring-lengths',
  '9d-lengths-measured',
  '9e-two-results',
  '9f-history',
  '9g-long-text',
  '9h-menu-of-a-word',
  '10-export',
  '10a-values',
  '10b-values-in-the-words',
  '10c-trying-an-alternative',
  '10d-solved-again',
  '10e-heard',
  '10f-versions',
  '10g-compare-readers',
  '20-palette',
  '21-palette-typed',
  '19-queue',
  '11-packs',
  '22-settings',
  '23-settings-shortcuts',
  '24-settings-privacy',
  '25-settings-connections',
  '26-blend-empty',
  '26a-blended',
  '27-transfer-planned',
  '27a-transfer-drawn',
  '12-samples',
  '13-keys-and-marks',
  'batch-empty',
  'batch-working',
  'batch-paused',
  'batch-save-table',
  '28-library-stacks',
  '29-library-stack',
  '30-library',
  '31-library-chosen',
  '32-library-lineage',
  '33-library-compare',
  '34-library-similar',
  '15-text-proposed',
  '16-address-proposed',
  '17-failures',
  '18-another-world',
  '14-core-lost',
] as const;
export type State = (typeof states)[number];

/** Of the window, in pixels of the page. */
export const sizes = {
  small: { width: 1024, height: 700 },
  studio: { width: 1280, height: 800 },
  laptop: { width: 1440, height: 900 },
  wide: { width: 1920, height: 1080 },
} as const;

export const looks = {
  dark: { colorScheme: 'dark', contrast: 'no-preference' },
  light: { colorScheme: 'light', contrast: 'no-preference' },
  contrast: { colorScheme: 'dark', contrast: 'more' },
} as const;

const faces = ['browser', 'desktop'] as const;
const jobs = ['guide', 'main-job'] as const;

const USAGE = `npm run screenshots [-- guide | main-job] [-- options]
  guide           the pictures of the manual, and no tour
  main-job        the moving picture of the README, and no tour
  --states A,B    only these states of the tour, which ends with the last of them
  --sizes A,B     only these of ${Object.keys(sizes).join(', ')}
  --looks A,B     only these of ${Object.keys(looks).join(', ')}
  --scale N       pixels of the screen for one of the page, 1 to 4 (default 1)
  --face desktop  in the desktop program instead of a browser; a window larger than the screen needs a DISPLAY with room for it
States: ${states.join(', ')}`;

export interface TourOptions {
  /** What is made instead of the tour; empty for the tour. */
  readonly jobs: readonly (typeof jobs)[number][];
  readonly states: readonly State[];
  readonly sizes: readonly (keyof typeof sizes)[];
  readonly looks: readonly (keyof typeof looks)[];
  readonly scale: number;
  readonly face: (typeof faces)[number];
}

/** What a list names of all there is, in the order of all; everything where it is absent. */
function choose<Name extends string>(all: readonly Name[], list: string | undefined, what: string): readonly Name[] {
  if (list === undefined) return all;
  const named = list.split(',').map((name) => name.trim());
  const unknown = named.find((name) => !all.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`There is no ${what} "${unknown}".`);
  return all.filter((name) => named.includes(name));
}

/** What was asked for on the command line, or what to say instead: the usage, behind what is wrong. */
export function readTourOptions(args: readonly string[]): TourOptions | string {
  try {
    const text = { type: 'string' } as const;
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { states: text, sizes: text, looks: text, scale: text, face: text, help: { type: 'boolean' } },
      allowPositionals: true,
    });
    if (values.help === true) return USAGE;
    const scale = Number(values.scale ?? 1);
    if (!(scale >= 1 && scale <= 4)) throw new Error('--scale takes a number from 1 to 4.');
    return {
      jobs: positionals.length === 0 ? [] : choose(jobs, positionals.join(','), 'job'),
      states: choose(states, values.states, 'state'),
      sizes: choose(Object.keys(sizes) as (keyof typeof sizes)[], values.sizes, 'size'),
      looks: choose(Object.keys(looks) as (keyof typeof looks)[], values.looks, 'look'),
      scale,
      face: choose(faces, values.face ?? 'browser', 'face')[0] ?? 'browser',
    };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`;
  }
}
