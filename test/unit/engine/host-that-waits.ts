import { createTestEngine, readAll, tinyEncode } from './tiny-engine.ts';

/** A host with a busy engine, whose process id it prints. The test kills it. */
const engine = createTestEngine();
await readAll(engine, tinyEncode());
const reading = readAll(engine, tinyEncode(100_000));
process.stdout.write(`${engine.processId()}\n`);
await reading;
