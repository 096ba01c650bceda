import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { resolve } from 'node:path';
import type { InstallPlan, InstallSource } from '../../../../contract/models/install.ts';
import { predictionSchema } from '../../../../contract/models/install.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { agree } from '../input/agree.ts';
import { cleanLine } from '../output/clean-line.ts';
import { formatBytes } from '../output/format-bytes.ts';
import { runJob } from '../run-job.ts';
import { presentInstall, toChoice } from './pack-installs.ts';

type Checkpoint = Extract<InstallSource, { type: 'checkpoint' }>;

interface ConvertFlags {
  readonly lora: Checkpoint['loras'];
  readonly vae?: string;
  readonly dtype: string;
  readonly prediction?: Checkpoint['prediction'];
  readonly id?: string;
  readonly name?: string;
  readonly licence?: string;
  readonly out?: string;
  readonly yes?: true;
}

export function addPackConversionCommand(packs: Command, choose: ChooseCommand): void {
  packs
    .command('convert')
    .description('Makes a model of a checkpoint: one .safetensors file of Stable Diffusion 1, 2 or XL. It runs in Python.')
    .argument('<checkpoint>', 'the .safetensors file')
    .option('--lora <file[:weight]>', 'a LoRA to add, and how strongly; may be given several times', addLora, [])
    .option('--vae <file>', 'an autoencoder in the place of its own')
    .addOption(new Option('--dtype <precision>', 'fp16 takes half the room').choices(['fp32', 'fp16']).default('fp32'))
    .addOption(
      new Option('--prediction <what>', 'what it predicts, where its file does not tell').choices(predictionSchema.options),
    )
    .option('--id <id>', 'how you will call it')
    .option('--name <name>', 'its name in lists')
    .option('--licence <name>', 'its licence, where nothing says it')
    .option('--out <folder>', 'where the model will lie, in a folder of its id')
    .option('--yes', 'agree to licence and size, and to the Python environment that is made once')
    .action((checkpoint: string, flags: ConvertFlags) => choose((context) => convert(checkpoint, flags, context)));
}

/** `file:0.8`; a file alone is meant wholly. */
function addLora(text: string, before: Checkpoint['loras']): Checkpoint['loras'] {
  const [, path = '', weight = '1'] = /^(.+?)(?::(-?\d{1,2}(?:\.\d{1,6})?|-?\.\d{1,6}))?$/.exec(text) ?? [];
  if (path === '' || Math.abs(Number(weight)) > 10) {
    throw new InvalidArgumentError('It must be a file, or a file and a weight from -10 to 10: style.safetensors:0.8.');
  }
  return [...before, { path: resolve(path), weight: Number(weight) }];
}

async function convert(checkpoint: string, flags: ConvertFlags, context: CommandContext): Promise<CommandResult> {
  const { client } = await context.openStudio('own');
  const source: Checkpoint = {
    type: 'checkpoint',
    path: resolve(checkpoint),
    loras: flags.lora,
    ...(flags.vae === undefined ? {} : { vae: resolve(flags.vae) }),
    ...(flags.prediction === undefined ? {} : { prediction: flags.prediction }),
  };
  const choice = toChoice(flags);
  const plan = await client.packs.plan({ source, choice }, { signal: context.signal });
  const given = flags.yes === true;
  if (plan.environment !== null) await agree(describeEnvironment(plan.environment), given, context.signal);
  await agree(describePlan(plan), given, context.signal);
  const agreed = { licence: plan.licence.name, bytes: plan.bytes, environment: plan.environment !== null };
  const { packId, name } = plan;
  const installed = await runJob(client, { kind: 'install', packId, name, source, choice, agreed }, name, context);
  if (flags.out !== undefined) {
    await client.packs.move({ packId, folder: resolve(flags.out) }, { signal: context.signal });
  }
  return presentInstall('converted', formatBytes(installed.takenBytes), plan, installed);
}

function describeEnvironment({ folder, hosts, bytes }: NonNullable<InstallPlan['environment']>): string {
  const much = formatBytes(bytes);
  return cleanLine(
    `The conversion runs in Python, with PyTorch and diffusers: about ${much} are fetched from ${hosts.join(' and ')} into ${folder}, once. Make it?`,
  );
}

function describePlan({ name, licence, bytes, replaces }: InstallPlan): string {
  const over = replaces ? ' It takes the place of the model that is here.' : '';
  return cleanLine(`${name}: about ${formatBytes(bytes)} of graphs, licence ${licence.name}.${over} Convert it?`);
}
