import { rmSync } from 'node:fs';
import { CommanderError } from 'commander';
import type { Device } from '../../../contract/studio-info.ts';
import type { Studio } from '../../studio.ts';
import { cleanLine } from './output/clean-line.ts';
import type { CommandContext, CommandResult, LibraryChoice, RunCommand } from './command-context.ts';
import { createProgram } from './create-program.ts';
import { ExitCode } from './exit-code.ts';
import { nameFailure } from './name-failure.ts';
import { ProgressDisplay } from './output/progress-display.ts';
import { ResultList } from './output/result-list.ts';
import { toStudioError } from './to-studio-error.ts';
import { UsageError } from './usage-error.ts';

type JsonDocument = CommandResult['document'];

/**
 * Runs one command line from arguments to exit code.
 * @param args without the names of Node.js and the script
 * @param signal aborted when the person wants to stop
 */
export async function runProgram(args: readonly string[], signal: AbortSignal): Promise<ExitCode> {
  const end = args.indexOf('--');
  const json = args.slice(0, end === -1 ? args.length : end).includes('--json');
  const progress = new ProgressDisplay(process.stderr);
  const opened: Studio[] = [];
  let device: Device | undefined;
  const images = new ResultList('images', json, print);
  const context: CommandContext = {
    signal,
    progress,
    say: (line) => void process.stderr.write(`${cleanLine(line)}\n`),
    present: (result) => print(json ? `${JSON.stringify(result.document, null, 2)}\n` : `${result.text}\n`),
    presentImage: (part) => images.add(part),
    openStudio: async (library) => {
      const studio = await openStudioFor(library, device);
      opened.push(studio);
      // What was damaged and is made again, each time it happens.
      if (library !== 'temporary') for (const repair of (await studio.client.studio.info()).repairs) context.say(repair);
      return studio;
    },
  };
  try {
    const run = parseArguments(args, (chosen) => (device = chosen));
    if (run === null) return ExitCode.done;
    const result = await run(context);
    if (result !== null) await presentResult(result, json, context, images);
    return result?.failed === true ? ExitCode.failed : ExitCode.done;
  } catch (error) {
    progress.clear();
    return await reportFailure(error, json, signal, images);
  } finally {
    await closeAll(opened);
  }
}

/** @returns null when help or version was asked for and printed */
function parseArguments(args: readonly string[], onDevice: (device: Device) => void): RunCommand | null {
  let chosen: RunCommand | null = null;
  const program = createProgram((run) => (chosen = run), onDevice);
  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return null;
    throw error;
  }
  return chosen;
}

async function openStudioFor(library: LibraryChoice, device: Device | undefined): Promise<Studio> {
  const told = device === undefined ? {} : { device };
  const { openStudio } = await import('../../studio.ts');
  switch (library) {
    case 'own':
      return openStudio(told);
    case 'look':
      return openStudio({ ...told, readOnly: true });
    case 'temporary': {
      const studio = await openStudio({ ...told, ephemeral: true });
      // Also when the process is ended in the middle: nothing may be left in the system's folder for temporary files.
      process.once('exit', () => rmSync(studio.dataFolder, { recursive: true, force: true }));
      return studio;
    }
  }
}

async function presentResult(result: CommandResult, json: boolean, context: CommandContext, images: ResultList): Promise<void> {
  const { errors } = result.document;
  if (Array.isArray(errors)) {
    for (const error of errors as readonly { image: string; message: string; hint: string }[]) {
      context.say(`${error.image}: ${error.message} ${error.hint}`);
    }
  }
  if (images.isOpen) await images.end(result.document);
  else if (json || result.text !== '') await context.present(result);
}

async function reportFailure(error: unknown, json: boolean, signal: AbortSignal, images: ResultList): Promise<ExitCode> {
  const fail = async (document: JsonDocument, lines: readonly string[], code: ExitCode): Promise<ExitCode> => {
    process.stderr.write(lines.map((line) => `${line}\n`).join(''));
    if (images.isOpen) await images.end(document);
    else if (json) await print(`${JSON.stringify(document, null, 2)}\n`);
    return code;
  };
  if (signal.aborted) return fail({ cancelled: true }, ['Cancelled.'], ExitCode.cancelled);
  if (error instanceof CommanderError || error instanceof UsageError) {
    const isCommandMissing = error instanceof CommanderError && error.code === 'commander.help';
    const message = isCommandMissing ? 'A command is missing.' : error.message.replace(/^error: /, '');
    const hint = 'See `dediffusion <command> --help`.';
    // commander has written its own message, with a suggestion, by now.
    const lines = error instanceof UsageError ? [`error: ${cleanLine(message)}`] : [];
    return fail({ error: { code: 'bad-request', message, hint, details: {} } }, lines, ExitCode.usage);
  }
  const body = nameFailure(error).toBody();
  const lines = [`error: ${cleanLine(body.message)}`, cleanLine(body.hint)];
  if (body.code === 'internal')
    lines.push(...Object.entries(body.details).map(([key, value]) => cleanLine(`  ${key}: ${value}`)));
  if (toStudioError(error) === null && error instanceof Error) lines.push(error.stack ?? error.message);
  return fail({ error: body }, lines, ExitCode.failed);
}

/** Resolves when the text is handed to the system, so that a pipe gets all of it before the process ends. */
function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** A studio that cannot be closed must not hide why the command failed. */
async function closeAll(studios: readonly Studio[]): Promise<void> {
  for (const studio of studios) {
    await studio.close().catch((error: unknown) => process.stderr.write(`The studio did not close cleanly: ${String(error)}\n`));
  }
}
