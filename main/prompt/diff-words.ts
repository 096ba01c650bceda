/** A stretch that differs: words `fromOld..toOld` became words `fromNew..toNew`. Ends are exclusive; either may be empty. */
export interface WordChange {
  readonly fromOld: number;
  readonly toOld: number;
  readonly fromNew: number;
  readonly toNew: number;
}

/**
 * The smallest set of stretches that differ between two sequences: common beginning and end first, then the longest common
 * subsequence of what lies between. Time and memory are the product of the two inner lengths, which the limit on slots
 * keeps below 17 million cells of two bytes.
 *
 * @param isSame whether old element i and new element j are the same
 */
export function diffWords(oldLength: number, newLength: number, isSame: (i: number, j: number) => boolean): WordChange[] {
  let prefix = 0;
  while (prefix < oldLength && prefix < newLength && isSame(prefix, prefix)) prefix += 1;
  let suffix = 0;
  const room = Math.min(oldLength, newLength) - prefix;
  while (suffix < room && isSame(oldLength - 1 - suffix, newLength - 1 - suffix)) suffix += 1;

  const rows = oldLength - prefix - suffix;
  const columns = newLength - prefix - suffix;
  const inner = (i: number, j: number): boolean => isSame(prefix + i, prefix + j);
  return diffInner(rows, columns, inner).map((change) => ({
    fromOld: change.fromOld + prefix,
    toOld: change.toOld + prefix,
    fromNew: change.fromNew + prefix,
    toNew: change.toNew + prefix,
  }));
}

function diffInner(rows: number, columns: number, isSame: (i: number, j: number) => boolean): WordChange[] {
  const lengths = commonLengths(rows, columns, isSame);
  const at = (i: number, j: number): number => lengths[i * (columns + 1) + j] ?? 0;
  const changes: WordChange[] = [];
  let i = 0;
  let j = 0;
  let fromOld = 0;
  let fromNew = 0;
  const close = (): void => {
    if (i > fromOld || j > fromNew) changes.push({ fromOld, toOld: i, fromNew, toNew: j });
  };
  while (i < rows && j < columns) {
    if (isSame(i, j) && at(i, j) === at(i + 1, j + 1) + 1) {
      close();
      i += 1;
      j += 1;
      fromOld = i;
      fromNew = j;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  i = rows;
  j = columns;
  close();
  return changes;
}

/** Length of the longest common subsequence of the rests from (i, j), row-major, one more row and column than the input. */
function commonLengths(rows: number, columns: number, isSame: (i: number, j: number) => boolean): Uint16Array {
  const width = columns + 1;
  const lengths = new Uint16Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i -= 1) {
    for (let j = columns - 1; j >= 0; j -= 1) {
      const below = lengths[(i + 1) * width + j] ?? 0;
      const right = lengths[i * width + j + 1] ?? 0;
      const diagonal = lengths[(i + 1) * width + j + 1] ?? 0;
      lengths[i * width + j] = isSame(i, j) ? Math.max(diagonal + 1, below, right) : Math.max(below, right);
    }
  }
  return lengths;
}
