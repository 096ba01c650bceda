/** What a job's handler returns when it stops of itself to let others go first, with more to do afterwards. */
export const YIELDED = Symbol('yielded');
