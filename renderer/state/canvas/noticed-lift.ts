/** Patches that got less than this many times an even share of a word's attention do not count as looked at. */
export const noticedLift = 1.6;
