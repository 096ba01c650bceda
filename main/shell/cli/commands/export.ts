import { Option } from 'commander';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { exportTargetSchema, exportedPromptSchema, midjourneyVersionSchema } from '../../../../contract/texts/prompt.ts';
import type { ExportOptions, ExportTarget, MidjourneyVersion } from '../../../../contract/texts/prompt.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { aspectSchema, lengthOption, packOption, parseGuidance, parseSeed, parseSteps } from '../command-options.ts';
import { findPrompt } from '../input/find-prompt.ts';

/** What `export --json` prints. */
export const exportOutputSchema = exportedPromptSchema.extend({ source: z.string() });

interface ExportFlags {
  readonly to: ExportTarget;
  readonly aspect?: string;
  readonly negative?: string;
  readonly seed?: number;
  readonly steps?: number;
  readonly guidance?: number;
  readonly midjourney?: MidjourneyVersion;
  readonly length?: string;
  readonly pack?: string;
}

export function addExportCommand(program: Command, choose: ChooseCommand): void {
  program
    .command('export')
    .summary('a prompt as another tool takes it')
    .description('Prints the prompt of a picture or library item as another tool takes it. Remarks go to stderr.')
    .argument('<image or library id>', 'a picture file, or the id of a library item')
    .addOption(new Option('--to <tool>', 'the tool').choices(exportTargetSchema.options).makeOptionMandatory())
    .option('--aspect <w:h>', 'aspect of the picture, such as 16:9', parseAspect)
    .option('--negative <text>', 'what shall not be there')
    .option('--seed <n>', 'seed', parseSeed)
    .option('--steps <n>', 'denoising steps', parseSteps)
    .option('--guidance <scale>', 'guidance scale', parseGuidance)
    .addOption(new Option('--midjourney <version>', 'the version of Midjourney').choices(midjourneyVersionSchema.options))
    .addOption(lengthOption())
    .addOption(packOption())
    .action((source: string, flags: ExportFlags) => choose((context) => exportPrompt(source, flags, context)));
}

function parseAspect(text: string): string {
  const aspect = aspectSchema.safeParse(text);
  if (!aspect.success) throw new InvalidArgumentError('It must be two whole numbers with a colon, such as 16:9.');
  return aspect.data;
}

async function exportPrompt(source: string, flags: ExportFlags, context: CommandContext): Promise<CommandResult> {
  const length = flags.length === undefined ? undefined : Number(flags.length);
  const { client, document } = await findPrompt(source, { length, packId: flags.pack }, context);
  const exported = await client.prompts.export({ document, target: flags.to, options: toExportOptions(flags) });
  for (const note of exported.notes) context.say(note);
  return { document: { source, ...exported }, text: exported.text, failed: false };
}

function toExportOptions({ aspect, negative, seed, steps, guidance, midjourney }: ExportFlags): ExportOptions {
  return {
    ...(aspect === undefined ? {} : { aspect }),
    ...(negative === undefined ? {} : { negative }),
    ...(seed === undefined ? {} : { seed }),
    ...(steps === undefined ? {} : { steps }),
    ...(guidance === undefined ? {} : { guidance }),
    ...(midjourney === undefined ? {} : { midjourneyVersion: midjourney }),
  };
}
