import { setTimeout as wait } from 'node:timers/promises';
import { readAttackOptions } from '../attack-options.ts';
import { Host } from '../host.ts';
import type { StartingHost } from '../host.ts';
import { RandomChoice } from '../random-choice.ts';
import { BusyPerson } from './busy-person.ts';
import { findSpoiltPictures, listHoldings, nameOf } from './holdings.ts';
import { findLeftovers, findStaged } from './leftovers.ts';
import { Ledger } from './ledger.ts';
import { paintPicture } from './paint-picture.ts';

/**
 * `npm run attack:kills -- host|engine --count 1000 --seed 1`: ends a host, or its engine, with SIGKILL again and again in the middle of
 * uploads, edits, deletions, readings, drawings and batches, all in one data folder. Nothing that was confirmed may be lost or come
 * back, nothing may be left behind, and the library must open each time (Linux).
 */
const { count, seed, words, isStopped, dataFolder } = readAttackOptions(100);
const target = words[0] === 'engine' ? 'engine' : 'host';

/** A host lives until so many changes were confirmed, so that a slow machine does as much in a life; and no longer than this. */
const mostChanges = 25;
const longestLifeMs = 10_000;
/** And then so long, that it dies in the middle of the next. */
const mostAfterMs = 100;
/** An engine lives so long from when it is there. */
const longestEngineMs = 600;
/** So that what needs no engine leaves it some time to start. */
const besideEngineMs = 500;
/** So many lives end while it still starts. */
const killedAtStart = 0.1;
const sourceCount = 20;
/** Jobs and batches that went on over all kills come to their end in this time. */
const patienceMs = 600_000;

const ledger = new Ledger();
const choice = new RandomChoice(seed);
const faults: string[] = [];
let [kills, whileStarting, atWork] = [0, 0, 0];
/** How long the host took to start the last time. */
let startMs = 0;

function fault(sentence: string): void {
  faults.push(sentence);
  console.log(`kill ${kills}: ${sentence}`);
}

/** Jobs that ended are kept up to this number (main/jobs/open-job-queue.ts): of more, the oldest are let go, which is no loss. */
const keptEndedJobs = 500;

/** Sentences for what was confirmed and is not so. */
async function compareHoldings({ client }: Host): Promise<string[]> {
  const found = await listHoldings(client);
  const ended = [...found.keys()].filter((name) => /^job .*, ended$/.test(name));
  if (ended.length >= keptEndedJobs) {
    for (const name of ledger.names(nameOf.job(''))) if (!found.has(name)) ledger.forget(name);
  }
  return ledger.compare(found);
}

/** Starts the host on the folder and compares what it holds with what was confirmed. */
async function openAgain(): Promise<Host> {
  const startedMs = Date.now();
  const host = await Host.start(dataFolder);
  startMs = Date.now() - startedMs;
  for (const sentence of [...(await compareHoldings(host)), ...findStaged(dataFolder, startedMs)]) fault(sentence);
  const { repairs } = await host.client.studio.info();
  for (const repair of repairs) fault(`was damaged: ${repair}`);
  return host;
}

async function addSources(host: Host): Promise<string[]> {
  const sources: string[] = [];
  for (let made = 0; made < sourceCount; made += 1) {
    const item = await host.upload(await paintPicture(choice), `source ${made}`);
    if (item.kind === 'picture') sources.push(item.image.sha256);
  }
  return sources;
}

async function killWhileStarting(): Promise<void> {
  let starting: StartingHost | undefined;
  Host.start(dataFolder, { onStarted: (begun) => (starting = begun) }).catch(() => undefined);
  await wait(choice.next() * startMs);
  await starting?.kill();
  whileStarting += 1;
}

async function killHost(sources: readonly string[]): Promise<void> {
  if (choice.chance(killedAtStart)) return killWhileStarting();
  const host = await openAgain();
  let isOver = false;
  const person = new BusyPerson({
    host,
    ledger,
    choice: new RandomChoice(seed * 1_000_003 + kills),
    sources,
    life: `life ${kills}`,
    isOver: () => isOver,
    onFault: fault,
  });
  const working = person.work();
  await untilConfirmed(ledger.confirmed + choice.below(mostChanges));
  await wait(choice.below(mostAfterMs));
  isOver = true;
  if (host.hasEnded) fault('the host had ended by itself');
  await host.kill();
  await working;
  return undefined;
}

async function untilConfirmed(changes: number): Promise<void> {
  const endMs = performance.now() + longestLifeMs;
  while (ledger.confirmed < changes && performance.now() < endMs) await wait(5);
}

async function killEngine(host: Host): Promise<void> {
  const { state } = (await host.client.studio.info()).engine;
  const found = host.findChildren('engine-process');
  if (state === 'failed') await host.client.studio.restartEngine();
  const isThere = state === 'busy' || state === 'idle' || (state === 'starting' && choice.chance(killedAtStart / 10));
  if (!isThere || found.length === 0) {
    await wait(10);
    return;
  }
  await wait(choice.below(longestEngineMs));
  const { engine } = await host.client.studio.info();
  for (const processId of found) {
    try {
      process.kill(processId, 'SIGKILL');
      kills += 1;
      if (engine.state === 'busy') atWork += 1;
      if (engine.state === 'starting') whileStarting += 1;
    } catch {
      // The studio has ended it before.
    }
  }
}

async function attackEngine(): Promise<void> {
  const host = await openAgain();
  const sources = await addSources(host);
  let isOver = false;
  const person = new BusyPerson({
    host,
    ledger,
    // Of another seed than the sources: what it deletes shall be none of them.
    choice: new RandomChoice(seed * 1_000_003),
    sources,
    life: 'life',
    isOver: () => isOver,
    onFault: fault,
    pauseMs: besideEngineMs,
  });
  const working = person.work();
  let compared = 0;
  while (kills < count && !isStopped()) {
    await killEngine(host);
    if (host.hasEnded) throw new Error('the host ended');
    if (kills - compared >= 20) {
      compared = kills;
      console.log(`${kills} kills, ${ledger.confirmed} confirmed, ${faults.length} faults`);
    }
  }
  isOver = true;
  await working;
  for (const sentence of await closeAndLook(host)) fault(sentence);
}

async function attackHost(): Promise<void> {
  const first = await openAgain();
  const sources = await addSources(first);
  await first.close();
  while (kills < count && !isStopped()) {
    await killHost(sources);
    kills += 1;
    if (kills % 20 === 0) console.log(`${kills} kills, ${ledger.confirmed} confirmed, ${faults.length} faults`);
  }
  for (const sentence of await closeAndLook(await openAgain())) fault(sentence);
}

/** Lets everything that was begun come to its end, closes the studio, and looks at what lies in its folder. */
async function closeAndLook(host: Host): Promise<string[]> {
  const { jobs, studio } = host.client;
  await studio.restartEngine();
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    const open = (await jobs.list()).filter(({ endedMs }) => endedMs === null);
    if (open.length === 0) break;
    if (performance.now() > deadlineMs) return [`${open.length} jobs never ended`];
    await wait(200);
  }
  const listed = await jobs.list();
  const whole = await Promise.all(listed.map(({ id }) => jobs.get({ jobId: id })));
  const states = new Map<string, number>();
  for (const { state, error } of whole) {
    const how = error === null ? state : `${state} (${error.code})`;
    states.set(how, (states.get(how) ?? 0) + 1);
  }
  console.log(`jobs at the end: ${[...states].map(([how, many]) => `${many} ${how}`).join(', ')}`);
  const found = [...(await compareHoldings(host)), ...(await findSpoiltPictures(host))];
  const code = await host.close();
  if (code !== 0) found.push(`asked to end, the host ended with ${code}`);
  return [...found, ...findLeftovers(dataFolder, JSON.stringify(whole))];
}

await (target === 'engine' ? attackEngine() : attackHost());
const how =
  target === 'engine'
    ? `${atWork} of them at work, ${whileStarting} while it started`
    : `${whileStarting} of them while it started`;
console.log(
  `${kills} kills of the ${target} (${how}), seed ${seed}: ${ledger.confirmed} confirmed changes, ${faults.length} lost, back from the dead or left behind`,
);
process.exit(faults.length === 0 ? 0 : 1);
