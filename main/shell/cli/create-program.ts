import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { deviceNameSchema, deviceSchema } from '../../../contract/studio-info.ts';
import type { Device } from '../../../contract/studio-info.ts';
import type { ChooseCommand } from './command-context.ts';
import { addAskCommand } from './commands/ask.ts';
import { addBlendCommand } from './commands/blend.ts';
import { addBlendMatrixCommand } from './commands/blend-matrix.ts';
import { addConnectionsCommand } from './commands/connections.ts';
import { addCompareReadersCommand } from './commands/compare-readers.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEncodeCommand } from './commands/encode.ts';
import { addEvaluateCommand } from './commands/evaluate.ts';
import { addExportCommand } from './commands/export.ts';
import { addGenerateCommand } from './commands/generate.ts';
import { addImportCommand } from './commands/import.ts';
import { addKeysCommand } from './commands/keys.ts';
import { addLibraryCommand } from './commands/library.ts';
import { addMetadataCommand } from './commands/metadata.ts';
import { addMidjourneyCommand } from './commands/midjourney.ts';
import { addNetworkCommand } from './commands/network.ts';
import { addPacksCommand } from './commands/packs.ts';
import { addRoundtripCommand } from './commands/roundtrip.ts';
import { addServeCommand } from './commands/serve.ts';
import { addTransferCommand } from './commands/transfer.ts';

const AFTER_HELP = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 cancelled.
Set DEDIFFUSION_HOME to keep the library in another folder.`;

/** Commands that run models. */
const running = new Set(['encode', 'generate', 'roundtrip', 'blend', 'blend-matrix', 'evaluate', 'serve']);

/** The whole command line. Nothing runs here: the command that was named is handed to `choose`, and the device it was told to `onDevice`. */
export function createProgram(choose: ChooseCommand, onDevice: (device: Device) => void = () => undefined): Command {
  const program = new Command('dediffusion')
    .description('De-Diffusion Studio: pictures to text an artist can edit, and text back to pictures.')
    .version(readVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .addHelpText('after', AFTER_HELP)
    .exitOverride()
    .showHelpAfterError('(see --help)');
  addEncodeCommand(program, choose);
  addGenerateCommand(program, choose);
  addRoundtripCommand(program, choose);
  addBlendCommand(program, choose);
  addBlendMatrixCommand(program, choose);
  addTransferCommand(program, choose);
  addAskCommand(program, choose);
  addEvaluateCommand(program, choose);
  addCompareReadersCommand(program, choose);
  addMidjourneyCommand(program, choose);
  addExportCommand(program, choose);
  addImportCommand(program, choose);
  addPacksCommand(program, choose);
  addLibraryCommand(program, choose);
  addMetadataCommand(program, choose);
  addNetworkCommand(program, choose);
  addConnectionsCommand(program, choose);
  addKeysCommand(program, choose);
  addServeCommand(program, choose);
  addDoctorCommand(program, choose);
  offerJson(program);
  for (const command of program.commands) if (running.has(command.name())) offerDevice(command, onDevice);
  return program;
}

/** Every command that does something takes `--json`. */
function offerJson(command: Command): void {
  for (const child of command.commands) {
    if (child.commands.length === 0) child.option('--json', 'print one JSON document on stdout; progress goes to stderr');
    offerJson(child);
  }
}

/** Also to what stands below a command. */
function offerDevice(command: Command, onDevice: (device: Device) => void): void {
  if (command.commands.length === 0) {
    command.addOption(
      new Option(
        '--device <device>',
        `where models run: ${deviceNameSchema.options.join(', ')} or remote:<connection>`,
      ).argParser(readDevice),
    );
    command.hook('preAction', (_, action) => {
      const { device } = action.opts<{ readonly device?: Device }>();
      if (device !== undefined) onDevice(device);
    });
  }
  for (const child of command.commands) offerDevice(child, onDevice);
}

function readDevice(text: string): Device {
  const device = deviceSchema.safeParse(text);
  if (device.success) return device.data;
  throw new InvalidArgumentError(`It must be ${deviceNameSchema.options.join(', ')} or remote: with the name of a connection.`);
}

function readVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
