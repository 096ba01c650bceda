import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { StudioClient } from '../../../../contract/methods.ts';
import { connectionIdSchema } from '../../../../contract/outside/connection.ts';
import { readerChoiceSchema } from '../../../../contract/texts/reader-choice.ts';
import type { ReaderChoice } from '../../../../contract/texts/reader-choice.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';

/** What can be laid side by side: the name on the command line, and how it reads; null for a caption as it is. */
const known = {
  encoder: { method: 'encoder' },
  'decoder-search': { method: 'decoder-search' },
  'decoder-search-from-nothing': { method: 'decoder-search', from: 'nothing' },
  'decoder-search-from-clip': { method: 'decoder-search', from: 'clip-search' },
  'decoder-search-from-caption': { method: 'decoder-search', from: 'text' },
  'clip-search': { method: 'clip-search' },
  caption: null,
} as const;
type ReaderName = keyof typeof known;
const isKnown = (name: string): name is ReaderName => Object.hasOwn(known, name);

/** A reader of a comparison, at one length. */
export interface ReaderSpec {
  /** As it was named. */
  readonly label: string;
  readonly name: ReaderName;
  readonly length: number;
  /** The language model that writes captions; null for the file beside the picture, and for other readers. */
  readonly connectionId: string | null;
}

const DEFAULT_LENGTH = 15;

/** Readers with commas between, each with its number of tokens behind a colon or without. Throws InvalidArgumentError. */
export function parseReaders(list: string): ReaderSpec[] {
  const specs = list.split(',').map((part): ReaderSpec => {
    const [called = '', length = String(DEFAULT_LENGTH), ...more] = part.trim().split(':');
    const [name = '', connectionId = null, ...others] = called.split('@');
    if (connectionId !== null && (name !== 'caption' || others.length > 0 || !connectionIdSchema.safeParse(connectionId).success))
      throw new InvalidArgumentError('Write caption@ollama for a caption by the connection of that name.');
    if (!isKnown(name)) throw new InvalidArgumentError(`${name} is none of ${Object.keys(known).join(', ')}.`);
    if (more.length > 0 || !/^[1-9]\d{0,3}$/.test(length))
      throw new InvalidArgumentError(`Write ${name}:15 for a text of 15 tokens.`);
    return { label: part.trim(), name, length: Number(length), connectionId };
  });
  if (new Set(specs.map(({ label }) => label)).size < specs.length) throw new InvalidArgumentError('Name each reader once.');
  return specs;
}

/** Whether a reader takes the caption that lies beside a picture. */
export function takesCaption({ name, connectionId }: ReaderSpec): boolean {
  return (name === 'caption' && connectionId === null) || name === 'decoder-search-from-caption';
}

/** The caption of a picture as a document: the file of its name that ends in `.txt`, beside it. Throws as reading the file does. */
export async function readCaption(picture: string, packId: string, { prompts }: StudioClient): Promise<PromptDocument> {
  const text = await readFile(`${picture.slice(0, -extname(picture).length)}.txt`, 'utf8');
  return prompts.create({ packId, text: text.trim() });
}

/** How a picture is read; null where its caption is taken as it is. */
export function choiceFor({ name, connectionId }: ReaderSpec, seed: number, caption: PromptDocument | null): ReaderChoice | null {
  const choice = known[name];
  if (connectionId !== null) return readerChoiceSchema.parse({ method: 'caption', connectionId });
  if (choice === null) return null;
  return readerChoiceSchema.parse({ ...choice, seed, ...(caption === null ? {} : { document: caption }) });
}
