import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fetchFiles } from '../../../main/downloads/fetch-files.ts';
import { Hub } from '../../../main/downloads/hub.ts';
import { refusalAt } from '../../../main/downloads/refusals.ts';
import { ConsentStore } from '../../../main/network/consent-store.ts';
import { Network } from '../../../main/network/network.ts';
import { Secrets } from '../../../main/network/secrets.ts';
import { TrafficLog } from '../../../main/network/traffic-log.ts';
import { hubServer } from '../../../test/helpers/hub-server.ts';
import type { FileQuestion, HubRepository } from '../../../test/helpers/hub-server.ts';
import { readAttackOptions } from '../attack-options.ts';
import { AttackReport } from '../attack-report.ts';
import { RandomChoice } from '../random-choice.ts';
import { misbehave, misbehaviours, spoils } from './hostile-hub.ts';
import type { Misbehaviour } from './hostile-hub.ts';

/**
 * `npm run attack:downloads -- --count 300 --seed 1`: repositories are fetched from a hub that breaks off, lies, changes its files, dies
 * and turns the studio away, and the studio itself is stopped, until so many interruptions have been. Every repository ends whole, byte
 * for byte, or says why; no byte is asked for that is here, unless what is here was spoilt.
 */
const { count, seed, isStopped, dataFolder } = readAttackOptions(300);
const choice = new RandomChoice(seed);
const report = new AttackReport();
report.watchProcess();

const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, () => choice.below(256));

function makeRepository(number: number): HubRepository {
  const files = Array.from({ length: 2 + choice.below(5) }, (_, index): [string, Uint8Array] => [
    `part ${index}/file-${index}.bin`,
    bytesOf(choice.chance(0.1) ? 0 : choice.below(200_000)),
  ]);
  return { name: `org/repository-${number}`, commit: 'd'.repeat(40), licence: 'mit', files: new Map(files) };
}

const told = { whole: 0, failed: 0, attempts: 0, interruptions: 0, needless: 0, again: 0, size: 0 };
const kinds = new Map<Misbehaviour, number>();

/** One repository under attack: what lies in its folder, before each question and after each try. */
class Target {
  readonly repository: HubRepository;
  readonly folder: string;
  stop = new AbortController();
  /** Bytes that were here last, by path; none once they were spoilt. */
  readonly #here = new Map<string, number>();

  constructor(repository: HubRepository) {
    this.repository = repository;
    this.folder = join(dataFolder, repository.name);
  }

  /** A question for a file, from some byte on: more than is needed is told. */
  look({ path, from }: Pick<FileQuestion, 'path' | 'from'>): void {
    const here = this.#measure(path);
    const before = this.#here.get(path) ?? 0;
    if (from < here || here < before) {
      told.needless += Math.max(here, before) - from;
      process.stdout.write(`needless: ${this.repository.name} ${path} from ${from}, ${here} are here, ${before} were\n`);
    }
    this.#here.set(path, here);
  }

  spoil(path: string): void {
    told.again += this.#measure(path);
    this.#here.set(path, Number.NEGATIVE_INFINITY);
  }

  checkWhole(): void {
    for (const [path, bytes] of this.repository.files) {
      if (Buffer.compare(readFileSync(join(this.folder, path)), bytes) !== 0) throw new Error(`${path} is not what it should be`);
    }
  }

  /** What failed may have left no file under its name but whole ones. */
  checkNothingWrong(): void {
    for (const [path, bytes] of this.repository.files) {
      const file = join(this.folder, path);
      if (existsSync(file) && Buffer.compare(readFileSync(file), bytes) !== 0) throw new Error(`${path} is there and wrong`);
    }
  }

  /** Bytes that are here and sound: none where a host spoilt one of them, whatever lies there until something better comes. */
  #measure(path: string): number {
    const part = join(this.folder, `${path}.part`);
    const bytes = this.repository.files.get(path);
    if (!existsSync(part) || bytes === undefined) return 0;
    const here = readFileSync(part);
    return Buffer.compare(here, bytes.subarray(0, here.length)) === 0 ? here.length : 0;
  }
}

let target = new Target(makeRepository(0));
function answer(question: FileQuestion): boolean {
  target.look(question);
  if (told.interruptions >= count || !choice.chance(0.6)) return false;
  const kind = choice.of(misbehaviours);
  told.interruptions += 1;
  kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  if (spoils.has(kind)) target.spoil(question.path);
  misbehave(kind, question, { server, choice, stop: () => target.stop.abort() });
  return true;
}

const server = createServer((request, response) => hubServer([target.repository], answer).listener(request, response));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
await mkdir(dataFolder, { recursive: true });
const consents = await ConsentStore.open({
  file: join(dataFolder, 'network.json'),
  remember: false,
  note: () => undefined,
  clock: Date.now,
});
await consents.allow({ origin, purpose: 'download', sends: ['address'], keeps: ['model'], shown: 'attack' });
const network = new Network({
  consents,
  secrets: new Secrets({}),
  traffic: new TrafficLog(Date.now),
  surroundings: { environment: {} },
});
const hub = new Hub(network, { endpoint: origin, cacheFolder: join(dataFolder, 'none') });

async function fetchOnce(): Promise<void> {
  const { signal } = target.stop;
  const { name } = target.repository;
  const revision = await hub.describe(name, 'main', signal);
  await mkdir(target.folder, { recursive: true });
  await fetchFiles({
    folder: target.folder,
    files: revision.files,
    source: {
      open: (file, range, stop) => hub.open(revision, file, range, stop),
      refusal: (given) => refusalAt(given, hub.origin, name, hub.pageOf(name)),
    },
    copies: [],
    signal,
    onProgress: () => undefined,
    pause: () => Promise.resolve(),
    clock: Date.now,
  });
}

for (let number = 0; told.interruptions < count && !isStopped(); number += 1) {
  target = new Target(makeRepository(number));
  told.size += [...target.repository.files.values()].reduce((sum, bytes) => sum + bytes.byteLength, 0);
  for (let isWhole = false; !isWhole;) {
    told.attempts += 1;
    target.stop = new AbortController();
    try {
      await fetchOnce();
      target.checkWhole();
      isWhole = true;
      told.whole += 1;
    } catch (error) {
      target.checkNothingWrong();
      // A stop is no failure; everything else says why.
      if (target.stop.signal.aborted) continue;
      told.failed += 1;
      report.failed(target.repository.name, error);
    }
  }
  await rm(target.folder, { recursive: true, force: true });
}
server.close();
server.closeAllConnections();
const each = [...kinds].map(([kind, times]) => `${kind} ${times}`).join(', ');
process.stdout.write(
  `${told.interruptions} interruptions, seed ${seed}: ${each}\n` +
    `${told.whole} repositories of ${told.size} bytes whole after ${told.attempts} tries, of which ${told.failed} said why they failed\n` +
    `bytes asked for that were here and sound: ${told.needless}; dropped because the host spoilt them: ${told.again}\n${report.summary()}\n`,
);
process.exit(report.isClean && told.needless === 0 ? 0 : 1);
