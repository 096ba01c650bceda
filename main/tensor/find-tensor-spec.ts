import { graphFault } from './graph-fault.ts';
import type { Session, TensorSpec } from './session.ts';

/** Finds an input or output by the names exports have given it, else by its place. Throws `pack-invalid` where the graph lacks it. */
export function findTensorSpec(
  session: Session,
  side: 'inputs' | 'outputs',
  names: readonly string[],
  position: number | null = null,
): TensorSpec {
  const specs = session[side];
  const named = names.map((name) => specs.find((spec) => spec.name === name)).find((spec) => spec !== undefined);
  const found = named ?? (position === null ? undefined : specs[position]);
  if (found) return found;
  throw graphFault(session.name, `no ${names.join(' or ')} among its ${side} ${specs.map((spec) => spec.name).join(', ')}`);
}
