import { cutText } from '../../contract/texts/cut-text.ts';
import type { PromptDialect } from '../../contract/texts/dialect.ts';
import { pictureMetadataSchema } from '../../contract/texts/metadata.ts';
import type { MetadataNote, MetadataWriter, PictureMetadata } from '../../contract/texts/metadata.ts';
import type { SchedulerName } from '../../contract/recipe.ts';

/** What a reader found, as it stands in the file: values of any kind, of which those that fit are taken. */
export interface FoundMetadata {
  readonly writer: MetadataWriter;
  readonly version?: unknown;
  readonly prompt?: unknown;
  readonly negative?: unknown;
  readonly dialect: PromptDialect;
  readonly seed?: unknown;
  readonly width?: unknown;
  readonly height?: unknown;
  readonly steps?: unknown;
  readonly guidance?: unknown;
  readonly sampler?: unknown;
  readonly scheduler?: SchedulerName | null;
  readonly model?: unknown;
  readonly guidanceRescale?: unknown;
  readonly secondPrompt?: unknown;
  readonly clipSkip?: unknown;
  readonly emphasis?: unknown;
  /** Texts and numbers are kept, everything else as JSON; nothing of what is empty. */
  readonly notes?: Readonly<Record<string, unknown>>;
}

const mostNotes = 64;
const optionsSchema = pictureMetadataSchema.shape;

/** The one form of all writers, within its limits; null where neither a text nor a setting was found. */
export function makeMetadata(found: FoundMetadata): PictureMetadata | null {
  const metadata: PictureMetadata = {
    writer: found.writer,
    version: toLine(found.version, 200),
    prompt: toText(found.prompt),
    negative: toText(found.negative),
    dialect: found.dialect,
    seed: toSeed(found.seed),
    width: toWhole(found.width, 1_000_000),
    height: toWhole(found.height, 1_000_000),
    steps: toWhole(found.steps, 10_000),
    guidance: toGuidance(found.guidance),
    sampler: toLine(found.sampler, 200),
    scheduler: found.scheduler ?? null,
    model: nameModel(found.model),
    ...takeOptions(found),
    notes: toNotes(found.notes ?? {}),
  };
  const { prompt, negative, seed, steps, guidance, sampler, model } = metadata;
  const isEmpty = [prompt, negative].every((text) => text === '');
  return isEmpty && [seed, steps, guidance, sampler, model].every((value) => value === null) ? null : metadata;
}

/** The studio's own settings that other programs do not have, each where it has a value that they take. */
function takeOptions(found: FoundMetadata): Pick<PictureMetadata, 'guidanceRescale' | 'secondPrompt' | 'clipSkip' | 'emphasis'> {
  const [guidanceRescale, secondPrompt, clipSkip, emphasis] = [
    optionsSchema.guidanceRescale.safeParse(found.guidanceRescale).data,
    found.secondPrompt === undefined ? undefined : toText(found.secondPrompt),
    optionsSchema.clipSkip.safeParse(found.clipSkip).data,
    optionsSchema.emphasis.safeParse(found.emphasis).data,
  ];
  return {
    ...(guidanceRescale === undefined ? {} : { guidanceRescale }),
    ...(secondPrompt === undefined ? {} : { secondPrompt }),
    ...(clipSkip === undefined ? {} : { clipSkip }),
    ...(emphasis === undefined ? {} : { emphasis }),
  };
}

/** Without what steers a terminal or is half a character; line ends stay. */
function cleanText(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trim();
}

function toText(value: unknown): string {
  return typeof value === 'string' ? cutText(cleanText(value.slice(0, 200_000)), 100_000) : '';
}

function toLine(value: unknown, most: number): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return null;
  const line = cutText(cleanText(text.slice(0, 2 * most)).replace(/\s+/g, ' '), most);
  return line === '' ? null : line;
}

function toSeed(value: unknown): string | null {
  const digits = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof digits !== 'string' || !/^\d{1,20}$/.test(digits.trim())) return null;
  return BigInt(digits.trim()).toString();
}

function toNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function toWhole(value: unknown, most: number): number | null {
  const number = toNumber(value);
  return number !== null && Number.isInteger(number) && number >= 1 && number <= most ? number : null;
}

function toGuidance(value: unknown): number | null {
  const number = toNumber(value);
  return number !== null && number >= 0 && number <= 1000 ? number : null;
}

/** The name of a model's file, without the folders it lies in on somebody's machine. */
function nameModel(value: unknown): string | null {
  const line = toLine(value, 1000);
  if (line === null) return null;
  return toLine(/[^\\/]+$/.exec(line)?.[0], 300);
}

function toNotes(values: Readonly<Record<string, unknown>>): MetadataNote[] {
  const notes: MetadataNote[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === false || notes.length >= mostNotes) continue;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const [key, kept] = [toLine(name, 100), cutText(cleanText(text.slice(0, 4000)), 2000)];
    if (key !== null && kept !== '' && kept !== '[]' && kept !== '{}') notes.push({ name: key, value: kept });
  }
  return notes;
}
