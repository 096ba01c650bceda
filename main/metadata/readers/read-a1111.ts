import type { PictureMetadata } from '../../../contract/texts/metadata.ts';
import type { SchedulerName } from '../../../contract/recipe.ts';
import { makeMetadata } from '../make-metadata.ts';
import { nameScheduler } from '../name-scheduler.ts';

/** The web UI's block of text in its three parts. */
export interface Infotext {
  readonly prompt: string;
  readonly negative: string;
  /** Names and values of the last part, in their order. */
  readonly parameters: ReadonlyMap<string, string>;
}

const negativeMark = 'Negative prompt:';
/** As in the web UI: with fewer, the line belongs to the prompt. */
const fewestParameters = 3;
const longestLine = 50_000;

/** What has a field of its own, and so is no note. */
const told = new Set(['Steps', 'Sampler', 'Schedule type', 'CFG scale', 'Seed', 'Size', 'Model', 'Version', 'App']);

/**
 * `modules/infotext_utils.py`: the prompt, a line that begins with "Negative prompt:", and a line of parameters. Some programs write more
 * lines behind that one, so it is the last that has parameters. Takes time in proportion to the text.
 */
export function parseInfotext(text: string): Infotext {
  const lines = text.trim().split('\n');
  const last = lines.findLastIndex((line) => readParameters(line).size >= fewestParameters);
  const parameters = readParameters(lines[last] ?? '');
  const words = last < 0 ? lines : lines.slice(0, last);
  const negativeAt = words.findIndex((line) => line.trimStart().startsWith(negativeMark));
  const prompt = (negativeAt < 0 ? words : words.slice(0, negativeAt)).join('\n').trim();
  const negative = negativeAt < 0 ? '' : words.slice(negativeAt).join('\n').trim().slice(negativeMark.length).trim();
  return { prompt, negative, parameters: last < 0 ? new Map<string, string>() : parameters };
}

/** `Key: value, Key: "quoted, as JSON"`. */
function readParameters(line: string): Map<string, string> {
  const parameters = new Map<string, string>();
  if (line.length > longestLine) return parameters;
  let at = 0;
  for (let colon = line.indexOf(':'); colon >= 0; colon = line.indexOf(':', at)) {
    const key = line.slice(line.lastIndexOf(',', colon) >= at ? line.lastIndexOf(',', colon) + 1 : at, colon).trim();
    let start = colon + 1;
    while (line[start] === ' ') start += 1;
    const end = line[start] === '"' ? endOfQuoted(line, start) : endOfPlain(line, start);
    if (/^\w[\w \-/]+$/.test(key)) parameters.set(key, unquote(line.slice(start, end).trim()));
    at = end + 1;
  }
  return parameters;
}

function endOfPlain(line: string, start: number): number {
  const comma = line.indexOf(',', start);
  return comma < 0 ? line.length : comma;
}

function endOfQuoted(line: string, start: number): number {
  for (let at = start + 1; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === '"') return endOfPlain(line, at + 1);
  }
  return endOfPlain(line, start);
}

function unquote(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'string' ? parsed : value;
  } catch {
    return value;
  }
}

/** What the web UI itself uses where a file says "Automatic" (`modules/sd_samplers_kdiffusion.py`). */
const automatic: Readonly<Record<string, string>> = {
  'DPM++ 2M': 'karras',
  'DPM++ SDE': 'karras',
  'DPM++ 2M SDE': 'exponential',
};

function schedulerOf(sampler: string | undefined, shape: string | undefined): SchedulerName | null {
  if (sampler === undefined) return null;
  const told = shape === 'Automatic' ? automatic[sampler] : shape;
  return nameScheduler(sampler, (told ?? '').replace(/ .*$/, ''));
}

/** The text named `parameters` of AUTOMATIC1111's web UI, Forge and SD.Next. */
export function readA1111(text: string): PictureMetadata | null {
  const { prompt, negative, parameters } = parseInfotext(text);
  const size = /^(\d+)x(\d+)$/.exec(parameters.get('Size') ?? '');
  const app = parameters.get('App');
  const version = parameters.get('Version');
  return makeMetadata({
    writer: 'a1111',
    version: app === undefined ? version : `${app} ${version ?? ''}`,
    ...{ prompt, negative, dialect: 'a1111' },
    seed: parameters.get('Seed'),
    width: size?.[1],
    height: size?.[2],
    steps: parameters.get('Steps'),
    guidance: parameters.get('CFG scale'),
    sampler: parameters.get('Sampler'),
    scheduler: schedulerOf(parameters.get('Sampler'), parameters.get('Schedule type')),
    model: parameters.get('Model'),
    notes: Object.fromEntries(
      [...parameters].filter(([name, value]) => !told.has(name) || (name === 'Schedule type' && value !== 'Automatic')),
    ),
  });
}
