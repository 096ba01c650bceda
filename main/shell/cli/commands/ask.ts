import type { Command } from 'commander';
import { z } from 'zod';
import { askAnswerSchema } from '../../../../contract/text-help.ts';
import { cleanLine } from '../output/clean-line.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { lengthOption, packOption } from '../command-options.ts';
import { findSide } from '../input/find-side.ts';
import { paint } from '../output/paint.ts';

/** What `ask --json` prints. */
export const askOutputSchema = askAnswerSchema.pick({ answer: true, isTold: true, by: true }).extend({
  question: z.string(),
  text: z.string(),
  evidence: z.array(z.string()),
});
type AskOutput = z.infer<typeof askOutputSchema>;

interface AskFlags {
  readonly length?: string;
  readonly pack?: string;
}

export function addAskCommand(program: Command, choose: ChooseCommand): void {
  program
    .command('ask')
    .summary('ask a picture through its text')
    .description('Answers a question from the text of a picture alone, by rules, with the words the answer rests on.')
    .argument('<picture>', 'a picture, a prompt file, the id of a library item, or text:…')
    .argument('<question>', 'in English, such as "How many cats are there?"')
    .addOption(lengthOption())
    .addOption(packOption())
    .action((source: string, question: string, flags: AskFlags) => choose((context) => ask(source, question, flags, context)));
}

async function ask(name: string, question: string, flags: AskFlags, context: CommandContext): Promise<CommandResult> {
  const studio = await context.openStudio('temporary');
  const wish = { length: flags.length === undefined ? undefined : Number(flags.length), packId: flags.pack };
  const source = await findSide(name, wish, studio, context);
  const { answer, isTold, by, evidence, document } = await studio.client.language.ask({ source, question });
  const { text } = await studio.client.prompts.inspect({ document });
  const output: AskOutput = { question, answer, isTold, by, evidence: evidence.map((word) => word.text), text };
  const words = output.evidence.length === 0 ? '' : ` from: ${output.evidence.join(', ')}`;
  return { document: output, text: `${cleanLine(answer)}\n${paint.faint(cleanLine(`by rules${words}`))}`, failed: false };
}
