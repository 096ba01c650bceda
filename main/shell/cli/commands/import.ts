import { readFile, stat } from 'node:fs/promises';
import { Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import { findDialects, promptDialectSchema } from '../../../../contract/texts/dialect.ts';
import type { PromptDialect } from '../../../../contract/texts/dialect.ts';
import { StudioError } from '../../../../contract/errors.ts';
import { dialectReadingSchema } from '../../../../contract/texts/prompt.ts';
import type { DialectReading } from '../../../../contract/texts/prompt.ts';
import { visibleWords } from '../../../../contract/texts/words.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { packOption } from '../command-options.ts';
import { cleanLine } from '../output/clean-line.ts';
import { formatTable } from '../output/format-table.ts';
import { paint } from '../output/paint.ts';

/** What `import --json` prints. Its `document` is a prompt file for the other commands. */
export const importOutputSchema = dialectReadingSchema.extend({ source: z.string(), from: promptDialectSchema });

interface ImportFlags {
  readonly from?: PromptDialect;
  readonly pack?: string;
}

const mostBytes = 400_000;

export function addImportCommand(program: Command, choose: ChooseCommand): void {
  program
    .command('import')
    .summary('a prompt as another tool wrote it')
    .description(
      'Reads a prompt that was written for another tool: words with weights, what is not wanted, settings. Remarks go to stderr.',
    )
    .argument('<file>', 'a text file')
    .addOption(
      new Option('--from <tool>', 'the tool; by the signs in the text when left out').choices(promptDialectSchema.options),
    )
    .addOption(packOption())
    .action((file: string, flags: ImportFlags) => choose((context) => importPrompt(file, flags, context)));
}

async function importPrompt(file: string, flags: ImportFlags, context: CommandContext): Promise<CommandResult> {
  const text = await readText(file);
  const from = flags.from ?? findDialects(text)[0] ?? 'plain';
  const { client } = await context.openStudio('temporary');
  const reading = await client.prompts.readAs({
    text,
    dialect: from,
    ...(flags.pack === undefined ? {} : { packId: flags.pack }),
  });
  for (const note of reading.notes) context.say(note);
  return { document: { source: file, from, ...reading }, text: formatReading(from, reading), failed: false };
}

async function readText(file: string): Promise<string> {
  const facts = await stat(file).catch(() => null);
  if (facts?.isFile() !== true) {
    throw new StudioError('file-unreadable', `${file} is no file that can be read.`, 'Check the name.', { reason: 'missing' });
  }
  if (facts.size > mostBytes) {
    throw new StudioError('prompt-too-long', `${file} is too long for a prompt.`, 'Shorten the text.', { bytes: facts.size });
  }
  return readFile(file, 'utf8');
}

function formatReading(from: PromptDialect, { document, negative, settings }: DialectReading): string {
  const words = visibleWords(document.slots).map((word) => {
    const text = word.slotIndices.map((index) => document.slots[index]?.text ?? '').join('');
    const weight = document.slots[word.slotIndices[0] ?? -1]?.weight ?? 1;
    return weight === 1 ? text : `${text}${paint.faint(`×${weight}`)}`;
  });
  const rows = Object.entries(settings).map(([name, value]) => [paint.faint(name), String(value)]);
  return [
    cleanLine(words.join(' ')),
    ...(negative === '' ? [] : [`${paint.faint('not:')} ${cleanLine(negative)}`]),
    formatTable([[paint.faint('read as'), from], ...rows]),
  ].join('\n');
}
