import { setTimeout as wait } from 'node:timers/promises';
import { readAttackOptions } from '../attack-options.ts';
import { Host } from '../host.ts';
import { makeLargeJpeg, makeTextBomb } from './make-bombs.ts';
import { describeStrain, isWithinBounds, watched } from './watched.ts';

/**
 * `npm run attack:bombs`, or `-- texts`, `large`, `junk`: sends a host at once what stopped it before pictures were read in a process
 * of their own, and measures how long an unrelated request waits, and the host's memory (Linux).
 */
const { words, dataFolder } = readAttackOptions(1);

const pieceBytes = 1 << 20;

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    yield bytes.subarray(start, start + pieceBytes);
    await wait(0);
  }
}

async function* junk(bytes: number): AsyncGenerator<Uint8Array> {
  const piece = new Uint8Array(pieceBytes).fill(7);
  for (let sent = 0; sent < bytes; sent += piece.length) {
    yield piece;
    await wait(0);
  }
}

type Body = () => AsyncIterable<Uint8Array>;

const attacks: Readonly<Record<string, () => Promise<readonly Body[]>>> = {
  texts: async () => {
    const bombs = await Promise.all([1, 2, 3, 4].map((number) => makeTextBomb(number)));
    return bombs.map((bytes) => () => inPieces(bytes));
  },
  large: async () => {
    const bytes = await makeLargeJpeg();
    return [1, 2, 3, 4, 5, 6, 7, 8].map((number) => () => inPieces(Buffer.concat([bytes, Buffer.from([number])])));
  },
  junk: () => Promise.resolve(Array.from({ length: 12 }, () => () => junk(200 * pieceBytes))),
};

for (const [name, make] of Object.entries(attacks)) {
  if (words.length > 0 && !words.includes(name)) continue;
  const bodies = await make();
  const host = await Host.start(dataFolder);
  const answers = new Map<string, number>();
  const strain = await watched(host, async () => {
    const sent = await Promise.all(bodies.map((body) => host.send('/images', { body: body() })));
    for (const { status, body } of sent) {
      const said = status === 200 ? 'taken' : `${status} ${body.toString().slice(0, 120)}`;
      answers.set(said, (answers.get(said) ?? 0) + 1);
    }
  });
  process.stdout.write(`${name}: ${describeStrain(strain)}\n`);
  for (const [said, many] of answers) process.stdout.write(`  ${many} × ${said}\n`);
  if (!isWithinBounds(strain) || host.hasEnded) process.exitCode = 1;
  await host.close();
}
process.exit();
