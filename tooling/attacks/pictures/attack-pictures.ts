import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endOf, startCli } from '../../../test/e2e/cli/run-cli.ts';
import { encodeOutputSchema } from '../../../main/shell/cli/commands/encode.ts';
import { StudioError, errorBodySchema } from '../../../contract/errors.ts';
import { libraryItemSchema } from '../../../contract/library.ts';
import { AttackReport } from '../attack-report.ts';
import { readAttackOptions } from '../attack-options.ts';
import { Host, readPeakMegabytes } from '../host.ts';
import { RandomChoice } from '../random-choice.ts';
import { makePictureSeeds } from './make-picture-seeds.ts';
import type { PictureSeed } from './make-picture-seeds.ts';
import { mutatePicture } from './mutate-picture.ts';
import { describeStrain, isWithinBounds, mostMegabytes, watched } from './watched.ts';

/**
 * `npm run attack:pictures -- --count 10000 --seed 1`: damages pictures of every format the studio opens and sends them through its
 * ways in: half over HTTP to one host, which is asked for what it shows of those it takes, half to the command line, a folder at a
 * time. No answer may be `internal`, nothing may end, no unrelated request waits long, and the host's memory stays small (Linux).
 */
const { count, seed, isStopped, dataFolder } = readAttackOptions(1000);

/** Pictures on their way at a time. */
const lanes = 4;
const folderSize = 250;
const watchCommandMs = 100;

const report = new AttackReport();
const choice = new RandomChoice(seed);
const seeds = await makePictureSeeds();

function nextPicture(): PictureSeed {
  const { name, bytes } = choice.of(seeds);
  return { name, bytes: mutatePicture(bytes, choice) };
}

function toError(body: Buffer): StudioError {
  return StudioError.fromBody(errorBodySchema.parse(JSON.parse(body.toString())));
}

async function upload(host: Host, { bytes }: PictureSeed): Promise<void> {
  const { status, body } = await host.send('/images', { body: bytes });
  if (status !== 200) throw toError(body);
  const item = libraryItemSchema.parse(JSON.parse(body.toString()));
  if (!('image' in item)) return;
  for (const shown of ['shown', 'thumbnails']) {
    const answer = await host.send(`/${shown}/${item.image.sha256}`);
    if (answer.status !== 200) throw toError(answer.body);
  }
}

async function attackHost(host: Host, most: number): Promise<number> {
  let done = 0;
  const work = async (): Promise<void> => {
    while (done < most && !isStopped() && !host.hasEnded) {
      done += 1;
      const number = done;
      const picture = nextPicture();
      await report.count(`picture ${number}, ${picture.name}`, () => upload(host, picture));
      if (number % 500 === 0) process.stdout.write(`${number} over HTTP, peak of the host ${host.peakMegabytes()} MB\n`);
    }
  };
  const strain = await watched(host, async () => {
    await Promise.all(Array.from({ length: lanes }, work));
  });
  if (host.hasEnded) report.deaths += 1;
  process.stdout.write(`${done} over HTTP: ${describeStrain(strain)}\n`);
  if (!isWithinBounds(strain)) process.exitCode = 1;
  return done;
}

/** Reads a folder with the command line, which says one thing of every picture. @returns the peak of its process, in megabytes */
async function readFolder(folder: string): Promise<number> {
  const child = startCli(['encode', folder, '--length', '5', '--json'], { home: dataFolder });
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, readPeakMegabytes(child.pid ?? 0) ?? 0)), watchCommandMs);
  const { code, stdout, stderr } = await endOf(child);
  clearInterval(watch);
  if (code !== 0 && code !== 1) {
    report.deaths += 1;
    process.stdout.write(`the command line ended with ${code}: ${stderr.slice(-1000)}\n`);
    return peak;
  }
  const { images, errors } = encodeOutputSchema.parse(JSON.parse(stdout));
  for (const image of images) await report.count(image.image, () => Promise.resolve());
  for (const { image, ...error } of errors) report.failed(image, error);
  return peak;
}

async function attackCommandLine(most: number): Promise<number> {
  let [done, peak] = [0, 0];
  while (done < most && !isStopped()) {
    const folder = join(dataFolder, 'pictures');
    mkdirSync(folder, { recursive: true });
    for (let filled = 0; filled < folderSize && done < most; filled += 1) {
      done += 1;
      const { name, bytes } = nextPicture();
      writeFileSync(join(folder, `${done} ${name.replace(/\.\w+$/, '')}.${choice.of(['png', 'jpg', 'tif'])}`), bytes);
    }
    peak = Math.max(peak, await readFolder(folder));
    rmSync(folder, { recursive: true });
    process.stdout.write(`${done} through the command line, peak of its process ${peak} MB (at most ${mostMegabytes})\n`);
  }
  if (peak > mostMegabytes) process.exitCode = 1;
  return done;
}

const host = await Host.start(dataFolder);
const sent = await attackHost(host, Math.ceil(count / 2));
await host.close();
const read = await attackCommandLine(Math.floor(count / 2));
process.stdout.write(`${sent + read} pictures of ${seeds.length} forms, seed ${seed}\n${report.summary()}\n`);
process.exit(report.isClean ? process.exitCode : 1);
