/** Makes the compiler refuse a switch that forgets a case; reached at run time only by unparsed input. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected case: ${JSON.stringify(value)}`);
}
