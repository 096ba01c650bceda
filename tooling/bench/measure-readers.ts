import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readerChoiceSchema } from '../../contract/texts/reader-choice.ts';
import type { SearchLoss } from '../../contract/texts/reader-choice.ts';
import { openServices } from '../../main/answers/open-services.ts';
import type { OpenedServices } from '../../main/answers/open-services.ts';
import type { EngineClient } from '../../main/engine/engine-client.ts';
import type { ResolvedPack } from '../../main/packs/pack-registry.ts';
import { quietContext } from '../../main/running/run-context.ts';
import { openReader } from '../../main/work/readers/open-reader.ts';
import type { BenchPack } from './bench-pack.ts';
import { judge, median } from './bench-row.ts';
import type { BenchRow } from './bench-row.ts';

const TOKENS = 15;

/** Adds up the time inside ONNX Runtime over the many calls of a search. */
class RuntimeMeter {
  readonly #engine: EngineClient;
  readonly #stop: () => void;
  #runtimeMs = 0;
  #seen: ReturnType<EngineClient['lastTiming']>;

  constructor(engine: EngineClient) {
    this.#engine = engine;
    this.#seen = engine.lastTiming();
    // A call's timing is there before the next begins.
    this.#stop = engine.onStatus(({ state }) => state === 'busy' && this.#take());
  }

  #take(): void {
    const timing = this.#engine.lastTiming();
    if (timing === null || timing === this.#seen) return;
    this.#seen = timing;
    this.#runtimeMs += timing.runtimeMs;
  }

  /** Milliseconds inside ONNX Runtime since it was made. */
  end(): number {
    this.#take();
    this.#stop();
    return this.#runtimeMs;
  }
}

interface Search {
  readonly seconds: number;
  /** Percent of that which was not spent inside ONNX Runtime. */
  readonly outside: number;
  readonly loss: SearchLoss | undefined;
}

async function search(services: OpenedServices['services'], pack: ResolvedPack, choice: object, source: string): Promise<Search> {
  const read = openReader(services, pack, readerChoiceSchema.parse(choice));
  const meter = new RuntimeMeter(services.engine);
  const startMs = performance.now();
  let loss: SearchLoss | undefined;
  const order = { images: [{ source, imageSha256: '0'.repeat(64) }], lengths: [TOKENS], topK: null };
  for await (const { texts, error } of read(order, quietContext)) {
    if (error !== null) throw new Error(error.message);
    loss = texts[0]?.loss;
  }
  const wallMs = performance.now() - startMs;
  return { seconds: wallMs / 1000, outside: 100 * (1 - meter.end() / wallMs), loss };
}

/** What searches cost at 15 tokens over the pack's samples, with warm sessions and compiled code. The bars are those of docs/decisions/0048. */
export async function measureReaders({ id, samples }: BenchPack): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-readers-'));
  const file = (name: string): string => join(folder, name);
  const { services, close } = await openServices({
    ...{ dataFolder: folder, readOnly: false, ephemeral: true, defaultPackId: id, embeddedPacksFolder: null, device: 'cpu' },
    ...{ packsFolder: file('packs'), pythonFolder: file('python'), partsFolder: file('device-parts') },
    devicesFile: file('devices.json'),
    ...{
      settingsFile: file('settings.json'),
      packPlacesFile: file('pack-places.json'),
      crashingGraphsFile: file('crashing-graphs.json'),
      consentsFile: file('network.json'),
    },
    ...{ connectionsFile: file('connections.json'), templatesFile: file('templates.json'), environment: {}, clock: Date.now },
  });
  try {
    const pack = await services.packs.openPack(id, { signal: quietContext.signal });
    const tokenizer = await services.tokenizers.take(pack);
    const scorer = services.models.scorer(pack);
    // The engine starts and loads its graph outside of what is measured.
    await scorer.embed({ images: [], texts: ['warm'] }, quietContext);
    const startMs = performance.now();
    await services.tokenTables.take(pack, tokenizer, scorer, quietContext);
    const tableSeconds = (performance.now() - startMs) / 1000;
    const [first = ''] = samples;
    // Node compiles what it has run often, and searches by likeness are short: it takes two rounds of them, where one long search does.
    const choices = [
      { choice: { method: 'clip-search' }, before: [...samples, ...samples] },
      { choice: { method: 'decoder-search' }, before: [first] },
      { choice: { method: 'decoder-search', from: 'nothing' }, before: [first] },
    ] as const;
    const runs: Search[][] = [];
    for (const { choice, before } of choices) {
      for (const source of before) await search(services, pack, choice, source);
      const own: Search[] = [];
      for (const source of samples) own.push(await search(services, pack, choice, source));
      runs.push(own);
    }
    const [likeness = [], refined = [], grown = []] = runs;
    const secondsOf = (own: readonly Search[]): number => median(own.map(({ seconds }) => seconds));
    const outsideOf = (own: readonly Search[]): number => median(own.map(({ outside }) => outside));
    const asked = grown.map(({ loss, seconds }) => (loss?.evaluations ?? 0) / seconds);
    return [
      judge({ name: 'table of a scorer’s words', unit: 's', atMost: 2 }, tableSeconds),
      judge({ name: 'search by likeness, 15 tokens', unit: 's', atMost: 3 }, secondsOf(likeness)),
      judge({ name: 'search by likeness outside ONNX Runtime', unit: '%', atMost: 5 }, outsideOf(likeness)),
      judge({ name: 'encoder’s text refined by the decoder’s loss', unit: 's', atMost: 3 }, secondsOf(refined)),
      judge({ name: 'text from nothing by the decoder’s loss', unit: 's', atMost: 12 }, secondsOf(grown)),
      judge({ name: 'losses a second', unit: '/s', atLeast: 150 }, median(asked)),
      judge({ name: 'search by the decoder’s loss outside ONNX Runtime', unit: '%', atMost: 5 }, outsideOf(grown)),
    ];
  } finally {
    await close();
    await rm(folder, { recursive: true, force: true });
  }
}
