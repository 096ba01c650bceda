/** The lowest timestep with guidance, for what takes it; nothing where every step is guided. */
export function guidanceInterval({ guidanceFromTimestep }: { readonly guidanceFromTimestep?: number | undefined }): {
  readonly guidanceFromTimestep?: number;
} {
  return guidanceFromTimestep === undefined ? {} : { guidanceFromTimestep };
}
