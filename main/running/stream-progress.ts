/**
 * Does work and tells how far it is, at most every `everyMs`, and only the newest news of that time. Leaving the loop early stops the work.
 *
 * @param work is handed the way to tell news, and the signal that ends it
 * @returns what the work gives; throws what it throws
 */
export async function* streamProgress<News, Result>(
  work: (tell: (news: News) => void, signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal | undefined,
  everyMs: number,
): AsyncGenerator<News, Result, void> {
  const leaving = new AbortController();
  const told: News[] = [];
  let wake: () => void = () => undefined;
  const running = work(
    (news) => (told[0] = news),
    signal === undefined ? leaving.signal : AbortSignal.any([signal, leaving.signal]),
  );
  const ended = running.then(
    () => true,
    () => true,
  );
  try {
    for (;;) {
      const timer = setTimeout(() => wake(), everyMs);
      const isEnded = await Promise.race([ended, new Promise<boolean>((resolve) => (wake = () => resolve(false)))]);
      clearTimeout(timer);
      yield* told.splice(0);
      if (isEnded) break;
    }
    return await running;
  } finally {
    leaving.abort();
  }
}
