const floatView = new Float32Array(1);
const bitsView = new Uint32Array(floatView.buffer);

/** One float32 as IEEE 754 half bits, rounded to nearest even; overflow becomes infinity. */
function halfBits(value: number): number {
  floatView[0] = value;
  const bits = bitsView[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Subnormal halves: the unit in the last place is 2^-24, and the product is exact in double.
    return sign | roundHalfEven(Math.abs(value) * 16777216);
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest > 0.5 || (rest === 0.5 && floor % 2 === 1)) return floor + 1;
  return floor;
}

/** Every half as a float: 65,536 entries, made at first use because most graphs take float32. */
let halfTable: Float32Array | undefined;
function tableOfHalves(): Float32Array {
  if (halfTable) return halfTable;
  const table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits += 1) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >>> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) table[bits] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else table[bits] = sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
  }
  halfTable = table;
  return table;
}

/** float32 values as the bits of halves, rounded to nearest even. */
export function toFloat16Bits(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  for (let index = 0; index < values.length; index += 1) halves[index] = halfBits(values[index] ?? 0);
  return halves;
}

/** The bits of halves as float32 values, exactly. */
export function fromFloat16Bits(halves: Uint16Array): Float32Array {
  const table = tableOfHalves();
  const values = new Float32Array(halves.length);
  for (let index = 0; index < halves.length; index += 1) values[index] = table[halves[index] ?? 0] ?? 0;
  return values;
}
