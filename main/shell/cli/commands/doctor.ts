import { stat, statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { z } from 'zod';
import type { StudioClient } from '../../../../contract/methods.ts';
import { packVerificationSchema } from '../../../../contract/models/pack.ts';
import { studioInfoSchema } from '../../../../contract/studio-info.ts';
import { locateDataFolder } from '../../../files/locate-data-folder.ts';
import { cleanLine } from '../output/clean-line.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { formatBytes } from '../output/format-bytes.ts';
import { formatTable } from '../output/format-table.ts';
import { paint } from '../output/paint.ts';
import { toStudioError } from '../to-studio-error.ts';

const problemSchema = z.object({ problem: z.string(), remedy: z.string() });
type Problem = z.infer<typeof problemSchema>;

/** What `doctor --json` prints. `ok` is false, and the exit code 1, when something is missing or broken. */
export const doctorOutputSchema = z.object({
  ok: z.boolean(),
  versions: studioInfoSchema.shape.versions,
  system: z.object({ platform: z.string(), memoryBytes: z.number(), freeMemoryBytes: z.number(), freeDiskBytes: z.number() }),
  devices: studioInfoSchema.shape.devices,
  packs: z.array(packVerificationSchema),
  library: z.object({ folder: z.string(), items: z.number().int().nullable() }),
  problems: z.array(problemSchema),
  /** What would make the studio faster; nothing is wrong without it. */
  advice: z.array(problemSchema),
});
type DoctorOutput = z.infer<typeof doctorOutputSchema>;

/** Room for a batch of pictures; below it the next long job may end with a full disk. */
const LOW_DISK_BYTES = 500_000_000;
const PAGE = fileURLToPath(new URL('../../../../dist/renderer/index.html', import.meta.url));

export function addDoctorCommand(program: Command, choose: ChooseCommand): void {
  program
    .command('doctor')
    .summary('what works here, what is missing, and the remedy')
    .description('Looks at devices, versions, models, library and page, and says what is missing and how to mend it.')
    .action(() => choose(examine));
}

async function examine(context: CommandContext): Promise<CommandResult> {
  const studio = await context.openStudio('temporary');
  const { client } = studio;
  const { versions } = await client.studio.info();
  context.say('Trying the devices …');
  const devices = [...(await studio.probeDevices())];
  const problems: Problem[] = [];
  const cpu = devices.find((device) => device.device === 'cpu');
  if (cpu?.available !== true) {
    problems.push({
      problem: `The processor cannot run models: ${cpu?.reason ?? 'it was not tried'}`,
      remedy: 'Run `npm ci` again.',
    });
  }
  const packs = await examinePacks(client, context, problems);
  const library = await examineLibrary(context, problems);
  const freeDiskBytes = await measureDisk(library.folder, problems);
  await examinePage(problems);
  const output: DoctorOutput = {
    ok: problems.length === 0,
    versions,
    system: {
      platform: `${process.platform}-${process.arch}`,
      memoryBytes: totalmem(),
      freeMemoryBytes: freemem(),
      freeDiskBytes,
    },
    devices,
    packs,
    library,
    problems,
    advice: await advise(devices),
  };
  return { document: output, text: format(output), failed: !output.ok };
}

async function advise(devices: DoctorOutput['devices']): Promise<Problem[]> {
  const lacks = (name: string): boolean => devices.some(({ device, available }) => device === name && !available);
  const hasNvidiaDriver = (await stat('/proc/driver/nvidia/version').catch(() => null)) !== null;
  const advice: Problem[] = [];
  if (lacks('cuda') && hasNvidiaDriver) {
    const remedy = 'Install the parts for CUDA in Settings → Device: `npm start` opens the page.';
    advice.push({ problem: 'There is an NVIDIA card, and CUDA for ONNX Runtime is not installed.', remedy });
  }
  if (lacks('webgpu') && process.platform === 'linux' && !hasNvidiaDriver) {
    const remedy = 'If this machine has a graphics card, install its Vulkan driver (for Mesa: the package mesa-vulkan-drivers).';
    advice.push({ problem: 'Models run on the processor, because no graphics adapter was found.', remedy });
  }
  return advice;
}

async function examinePacks(client: StudioClient, context: CommandContext, problems: Problem[]): Promise<DoctorOutput['packs']> {
  const found = await client.packs.list();
  if (found.length === 0) {
    const remedy = 'The studio comes with one in models/packs; get that folder again (`git checkout models/packs`).';
    problems.push({ problem: 'There is no model, so nothing can be read or drawn.', remedy });
  }
  const packs: DoctorOutput['packs'] = [];
  for (const { id, embedded } of found) {
    const verification = await client.packs.verify({ packId: id }, { signal: context.signal });
    packs.push(verification);
    const [first] = verification.problems;
    if (first === undefined) continue;
    const remedy = embedded ? `Get it again: \`git checkout models/packs/${id}\`.` : `Copy the model ${id} to its folder again.`;
    const count = verification.problems.length;
    problems.push({
      problem: `The model ${id} is damaged: ${first.path} (${first.problem})${count > 1 ? ` and ${count - 1} more` : ''}.`,
      remedy,
    });
  }
  return packs;
}

async function examineLibrary(context: CommandContext, problems: Problem[]): Promise<DoctorOutput['library']> {
  const folder = locateDataFolder();
  if ((await stat(folder).catch(() => null)) === null) return { folder, items: null };
  try {
    const { client } = await context.openStudio('look');
    const { total } = await client.library.query({ limit: 1 });
    return { folder, items: total };
  } catch (cause) {
    const error = toStudioError(cause);
    if (error === null) throw cause;
    problems.push({ problem: error.message, remedy: error.hint });
    return { folder, items: null };
  }
}

async function measureDisk(folder: string, problems: Problem[]): Promise<number> {
  let place = folder;
  while ((await stat(place).catch(() => null)) === null && dirname(place) !== place) place = dirname(place);
  const { bavail, bsize } = await statfs(place);
  const free = bavail * bsize;
  if (free < LOW_DISK_BYTES) {
    const remedy = 'Free some space, or set DEDIFFUSION_HOME to a folder on a larger disk.';
    problems.push({ problem: `Only ${formatBytes(free)} are free on the disk of ${folder}.`, remedy });
  }
  return free;
}

async function examinePage(problems: Problem[]): Promise<void> {
  if ((await stat(PAGE).catch(() => null)) !== null) return;
  problems.push({ problem: 'The page is not built, so a browser would find nothing.', remedy: 'Run `npm run build`.' });
}

function format({ versions, system, devices, packs, library, problems, advice }: DoctorOutput): string {
  const mark = (good: boolean): string => (good ? paint.good('✓') : paint.faint('–'));
  const { memoryBytes, freeMemoryBytes, freeDiskBytes } = system;
  const facts = formatTable([
    ['studio', versions.studio],
    ['Node.js', versions.node],
    ['ONNX Runtime', versions.onnxruntime],
    [
      'system',
      `${system.platform}, ${formatBytes(freeMemoryBytes)} of ${formatBytes(memoryBytes)} memory free, ${formatBytes(freeDiskBytes)} disk free`,
    ],
    ['library', `${library.folder}${library.items === null ? ' (none yet)' : `, ${library.items} items`}`],
  ]);
  const deviceTable = formatTable(devices.map((device) => [mark(device.available), device.device, cleanLine(device.reason)]));
  const packLines = packs.map((pack) => `${pack.ok ? mark(true) : paint.bad('✗')} ${pack.id}, ${pack.checked} files checked`);
  const findings = problems.map(({ problem, remedy }) => `${paint.bad('✗')} ${cleanLine(problem)}\n  ${cleanLine(remedy)}`);
  const hints = advice.flatMap(({ problem, remedy }) => ['', paint.faint(`${cleanLine(problem)} ${cleanLine(remedy)}`)]);
  const end = problems.length === 0 ? [paint.good('Nothing is missing.')] : findings;
  return [facts, '', paint.strong('Devices'), deviceTable, '', paint.strong('Models'), ...packLines, '', ...end, ...hints].join(
    '\n',
  );
}
