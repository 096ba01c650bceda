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
 * keeps below 17 million cells of two bytes: a tenth of a second, because elements are told apart by number.
 *
 * @param old one value an element; elements are the same when their values are
 */
export function diffWords(old: readonly (string | number)[], fresh: readonly (string | number)[]): WordChange[] {
  const numbers = new Map<string | number, number>();
  const numberOf = (value: string | number): number => {
    const number = numbers.get(value) ?? numbers.size;
    numbers.set(value, number);
    return number;
  };
  return diffNumbers(Int32Array.from(old, numberOf), Int32Array.from(fresh, numberOf));
}

function diffNumbers(old: Int32Array, fresh: Int32Array): WordChange[] {
  const [oldLength, newLength] = [old.length, fresh.length];
  const isSame = (i: number, j: number): boolean => old[i] === fresh[j];
  let prefix = 0;
  while (prefix < oldLength && prefix < newLength && isSame(prefix, prefix)) prefix += 1;
  let suffix = 0;
  const room = Math.min(oldLength, newLength) - prefix;
  while (suffix < room && isSame(oldLength - 1 - suffix, newLength - 1 - suffix)) suffix += 1;

  const rows = oldLength - prefix - suffix;
  const columns = newLength - prefix - suffix;
  return diffInner(old.subarray(prefix, prefix + rows), fresh.subarray(prefix, prefix + columns)).map((change) => ({
    fromOld: change.fromOld + prefix,
    toOld: change.toOld + prefix,
    fromNew: change.fromNew + prefix,
    toNew: change.toNew + prefix,
  }));
}

function diffInner(old: Int32Array, fresh: Int32Array): WordChange[] {
  const [rows, columns] = [old.length, fresh.length];
  const lengths = commonLengths(old, fresh);
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
    if (old[i] === fresh[j] && at(i, j) === at(i + 1, j + 1) + 1) {
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
function commonLengths(old: Int32Array, fresh: Int32Array): Uint16Array {
  const [rows, columns] = [old.length, fresh.length];
  const width = columns + 1;
  const lengths = new Uint16Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i -= 1) {
    for (let j = columns - 1; j >= 0; j -= 1) {
      const below = lengths[(i + 1) * width + j] ?? 0;
      const right = lengths[i * width + j + 1] ?? 0;
      const diagonal = lengths[(i + 1) * width + j + 1] ?? 0;
      // A match is never worse than either neighbour.
      lengths[i * width + j] = old[i] === fresh[j] ? diagonal + 1 : below > right ? below : right;
    }
  }
  return lengths;
}
