const stateLength = 624;
const shiftLength = 397;

/**
 * PyTorch's CPU generator: `torch.Generator().manual_seed(seed)` with `torch.randn`, number for number, so that a seed means
 * the same picture here and in diffusers. Mersenne Twister MT19937; normals as in ATen's `normal_fill` (blocks of 16,
 * float32 uniforms) and, under 16 numbers, as in `at::normal_distribution<double>` with its cached second normal.
 * float32 results agree with PyTorch's to about 5e-7: its vector unit rounds logarithms and cosines a little differently.
 */
export class TorchGenerator {
  readonly #state = new Uint32Array(stateLength);
  #next = stateLength;
  #cachedNormal: number | null = null;

  /** Like PyTorch, only the low 32 bits of the seed count. */
  constructor(seed: number | bigint) {
    this.#state[0] = Number(BigInt.asUintN(32, BigInt(seed)));
    for (let index = 1; index < stateLength; index += 1) {
      const previous = this.#word(index - 1);
      this.#state[index] = Math.imul(1812433253, previous ^ (previous >>> 30)) + index;
    }
  }

  /** `length` standard normal numbers, float32: what `torch.randn(length, generator=self)` gives. */
  randn(length: number): Float32Array {
    const normals = new Float32Array(length);
    if (length < 16) {
      for (let index = 0; index < length; index += 1) normals[index] = this.#scalarNormal();
      return normals;
    }
    for (let index = 0; index < length; index += 1) normals[index] = this.#uniformFloat();
    for (let start = 0; start + 16 <= length; start += 16) toNormals(normals, start);
    if (length % 16 !== 0) {
      const start = length - 16;
      for (let index = start; index < length; index += 1) normals[index] = this.#uniformFloat();
      toNormals(normals, start);
    }
    return normals;
  }

  #scalarNormal(): number {
    if (this.#cachedNormal !== null) {
      const normal = this.#cachedNormal;
      this.#cachedNormal = null;
      return normal;
    }
    const angle = 2 * Math.PI * this.#uniformDouble();
    const radius = Math.sqrt(-2 * Math.log1p(-this.#uniformDouble()));
    this.#cachedNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  #uniformFloat(): number {
    return (this.#draw() & 0xffffff) / 0x1000000;
  }

  /** 53 bits of two words, the first being the high one. */
  #uniformDouble(): number {
    const high = this.#draw();
    const low = this.#draw();
    return ((high & 0x1fffff) * 0x100000000 + low) / 0x20000000000000;
  }

  #draw(): number {
    if (this.#next === stateLength) this.#twist();
    let word = this.#word(this.#next);
    this.#next += 1;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  #twist(): void {
    for (let index = 0; index < stateLength; index += 1) {
      const mixed = (this.#word(index) & 0x80000000) | (this.#word((index + 1) % stateLength) & 0x7fffffff);
      const shifted = this.#word((index + shiftLength) % stateLength) ^ (mixed >>> 1);
      this.#state[index] = mixed & 1 ? shifted ^ 0x9908b0df : shifted;
    }
    this.#next = 0;
  }

  #word(index: number): number {
    return this.#state[index] ?? 0;
  }
}

/** Box–Muller in place on 16 uniforms: the first eight give radii, the last eight angles; in float32, as PyTorch does. */
function toNormals(values: Float32Array, start: number): void {
  for (let index = start; index < start + 8; index += 1) {
    const first = Math.fround(1 - (values[index] ?? 0));
    const radius = Math.fround(Math.sqrt(Math.fround(-2 * Math.fround(Math.log(first)))));
    const angle = Math.fround(Math.fround(2 * Math.PI) * (values[index + 8] ?? 0));
    values[index] = radius * Math.fround(Math.cos(angle));
    values[index + 8] = radius * Math.fround(Math.sin(angle));
  }
}
