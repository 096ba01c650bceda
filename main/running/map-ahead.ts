/**
 * Works on several values at once and gives the results in order: the next value is taken as soon as fewer than `atOnce` are in work.
 * With one at once nothing is begun before the reader asks for it.
 *
 * @throws what the source or the work throws, in its place; what is still in work then, or when the reader leaves, ends unheard
 */
export async function* mapAhead<Value, Result>(
  source: AsyncIterable<Value>,
  atOnce: number,
  work: (value: Value) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  let inWork: readonly Promise<Result>[] = [];
  for await (const value of source) {
    const begun = work(value);
    begun.catch(() => undefined);
    inWork = [...inWork, begun];
    const [oldest] = inWork;
    if (inWork.length < atOnce || oldest === undefined) continue;
    inWork = inWork.slice(1);
    yield await oldest;
  }
  for (const begun of inWork) yield await begun;
}
