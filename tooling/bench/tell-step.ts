/** Says on the error stream, so that rows on the other stay whole, how far a long row is. */
export function tellStep(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)}  ${text}\n`);
}

/**
 * Does a step of a row, says when it begins and ends, and gives up on one that takes far longer than it should: on a machine that is
 * busy with other things a figure of it would say nothing.
 *
 * @param mostMs how long it may take
 * @throws Error of a step that takes longer
 */
export async function takeStep<Value>(name: string, mostMs: number, work: () => Promise<Value>): Promise<Value> {
  tellStep(`${name} …`);
  const startedMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${name}: not done after ${Math.round(mostMs / 1000)} s. Is the machine busy with other things?`));
    }, mostMs);
  });
  try {
    const value = await Promise.race([work(), late]);
    tellStep(`${name}: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
    return value;
  } finally {
    clearTimeout(timer);
  }
}
