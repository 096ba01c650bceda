import type { CatalogueEntry, PackFitness } from '../../../contract/models/catalogue.ts';
import type { PackGraph } from '../../../contract/models/drawing-memory.ts';
import { list, say } from '../../language/say.ts';
import { describeBytes } from '../status/describe-bytes.ts';
import { deviceNames } from '../status/device-names.ts';

/** Whether a model has its place here, in a sentence. */
export function describeFitness(fitness: PackFitness): string {
  switch (fitness.verdict) {
    case 'memory':
    case 'disk':
      return say(`models.fit.${fitness.verdict}`, {
        need: describeBytes(fitness.needMb * 1e6),
        have: describeBytes(fitness.haveMb * 1e6),
      });
    case 'device':
      return say('models.fit.device', { devices: list(fitness.devices.map((device) => deviceNames[device])) });
    case 'slow':
    case 'fits':
      return say(`models.fit.${fitness.verdict}`);
  }
}

/** The licence by its name, and what it means for paid work. */
export function describeLicence({ name, commercial }: Pick<CatalogueEntry['licence'], 'name' | 'commercial'>): string {
  return `${name} · ${say(`models.commercial.${commercial}`)}`;
}

/** What the weights of a model are stored in, most bytes first; each once. */
export function describePrecision(graphs: readonly PackGraph[]): string {
  const bytes = new Map<NonNullable<PackGraph['precision']>, number>();
  for (const graph of graphs)
    if (graph.precision !== null) bytes.set(graph.precision, (bytes.get(graph.precision) ?? 0) + graph.bytes);
  const sorted = [...bytes].toSorted(([, a], [, b]) => b - a).map(([precision]) => say(`models.precision.${precision}`));
  return sorted.length === 0 ? say('models.precision.unknown') : list(sorted);
}
