import { Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import type { StudioClient } from '../../../../contract/methods.ts';
import { clipSearchSchema, decoderSearchSchema, readerChoiceSchema } from '../../../../contract/texts/reader-choice.ts';
import type { ReaderChoice } from '../../../../contract/texts/reader-choice.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import { parseSeed } from '../command-options.ts';
import { UsageError } from '../usage-error.ts';
import type { PackRole } from './choose-pack.ts';
import { numberOption } from './number-option.ts';

const readerNames = ['encoder', 'decoder-search', 'clip-search', 'caption'] as const;
const beginnings = ['encoder', 'clip-search', 'nothing'] as const;

export interface ReaderFlags {
  readonly reader: (typeof readerNames)[number];
  readonly with?: string;
  readonly from?: (typeof beginnings)[number];
  readonly start?: string;
  readonly lock?: string[];
  readonly diversity?: number;
  readonly budget?: number;
  readonly seconds?: number;
  readonly seed?: number;
}

const gather = (word: string, words: readonly string[] = []): string[] => [...words, word];
const search = decoderSearchSchema.shape;
const parseSeconds = numberOption(z.number().min(0.1).max(86_400));

/** Adds the flags that say who reads a picture, and how it searches. */
export function addReaderOptions(command: Command): Command {
  const told =
    "encoder: one pass; decoder-search: words that the decoder's own loss on the picture chooses; clip-search: words that the scorer finds likest; caption: what a model that writes captions says, or a language model that sees";
  return command
    .addOption(new Option('--reader <name>', told).choices(readerNames).default('encoder'))
    .option(
      '--with <connection>',
      'who writes for --reader caption: a model with the role captioner (see `packs list`), or a connection (see `connections list`)',
    )
    .addOption(new Option('--from <what>', "what decoder-search begins with; absent: the encoder's text").choices(beginnings))
    .option('--start <text>', 'words that a search begins with')
    .option('--lock <word>', 'a word of --start that stays; may be given more than once', gather)
    .option(
      '--diversity <share>',
      'what a text loses in clip-search for saying the same twice',
      numberOption(clipSearchSchema.shape.diversity.unwrap()),
    )
    .option('--budget <n>', 'losses that decoder-search may ask for', numberOption(search.evaluations.unwrap()))
    .option('--seconds <s>', 'seconds a picture that decoder-search may take', parseSeconds)
    .option('--seed <n>', 'the same seed searches in the same way', parseSeed);
}

/** What flags have a use for, and who. */
const takers: Readonly<Record<string, readonly ReaderFlags['reader'][]>> = {
  with: ['caption'],
  from: ['decoder-search'],
  budget: ['decoder-search'],
  seconds: ['decoder-search'],
  diversity: ['clip-search'],
  start: ['clip-search', 'decoder-search'],
  lock: ['clip-search', 'decoder-search'],
  seed: ['clip-search', 'decoder-search'],
};

/** What a pack needs to have for the reader that flags ask for. */
export function rolesFor({ reader, from = 'encoder', start }: ReaderFlags): readonly PackRole[] {
  if (reader === 'clip-search') return ['scorer'];
  if (reader === 'encoder') return ['encoder'];
  // Its words are written in the tokens of the pack that draws them.
  if (reader === 'caption') return ['decoder'];
  if (start !== undefined || from === 'nothing') return ['decoder'];
  return from === 'encoder' ? ['encoder', 'decoder'] : ['decoder', 'scorer'];
}

/**
 * The reader that flags ask for.
 * @throws UsageError for a flag that this reader has no use for
 */
export async function chooseReader(flags: ReaderFlags, packId: string, client: StudioClient): Promise<ReaderChoice> {
  const { reader: method, with: connectionId, from, start, lock, diversity, budget, seconds, seed } = flags;
  const given = { with: connectionId, from, start, lock, diversity, budget, seconds, seed };
  const strange = Object.entries(given).find(([name, value]) => value !== undefined && takers[name]?.includes(method) !== true);
  if (strange !== undefined) throw new UsageError(`--${strange[0]}: --reader ${method} does not take it.`);
  if (method === 'caption') {
    if (connectionId === undefined) throw new UsageError('--reader caption: name the model or the connection with --with.');
    return readerChoiceSchema.parse({ method, connectionId });
  }
  if (lock !== undefined && start === undefined) throw new UsageError('--lock: give the text with --start.');
  if (from !== undefined && start !== undefined) throw new UsageError('Give --from or --start, not both.');
  const begun = start === undefined ? {} : { document: await startText(start, lock ?? [], packId, client) };
  const choice =
    method === 'decoder-search' ? { from: start === undefined ? from : 'text', evaluations: budget, seconds } : { diversity };
  return readerChoiceSchema.parse({ method, seed, ...choice, ...begun });
}

/** The text with the words locked that were named, wherever they stand in it. */
async function startText(
  text: string,
  locked: readonly string[],
  packId: string,
  { prompts }: StudioClient,
): Promise<PromptDocument> {
  const document = await prompts.create({ packId, text });
  const slotIds = locked.flatMap((word) => {
    const found = wordsOf(document).filter(({ text: own }) => own.toLowerCase() === word.toLowerCase());
    if (found.length === 0) throw new UsageError(`--lock ${word}: --start has no such word.`);
    return found.flatMap(({ slotIds: ids }) => ids);
  });
  return slotIds.length === 0 ? document : prompts.edit({ document, edit: { type: 'lock', slotIds, locked: true } });
}

/** Runs of tokens up to the first that ends a word. */
function wordsOf({ slots }: PromptDocument): { readonly text: string; readonly slotIds: readonly string[] }[] {
  const words: { text: string; slotIds: string[] }[] = [];
  let isOpen = false;
  for (const { id, text, endsWord } of slots) {
    const last = words.at(-1);
    if (isOpen && last !== undefined) {
      last.text += text;
      last.slotIds.push(id);
    } else words.push({ text, slotIds: [id] });
    isOpen = !endsWord;
  }
  return words;
}
