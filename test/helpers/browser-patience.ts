/** For `expect.poll`: how long a spec waits for what must happen. Long, because a busy machine is not a fault of the page. */
export const patience = { timeout: 60_000 };
