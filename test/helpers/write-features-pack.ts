import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeConstant, writeModel, writeNode } from '../../tooling/attacks/packs/write-graph.ts';
import { randomSource } from './random-source.ts';
import { writePackManifest } from './write-pack-manifest.ts';

const spots = 9;

/** Chance's weights of nine means a channel: [27, 2048], those of a channel one after the other. */
export function makeFeatureWeights(): Float32Array {
  const random = randomSource(7);
  return Float32Array.from({ length: 3 * spots * 2048 }, () => random() - 0.5);
}

/** A model that brings features as Inception does, but by chance: each number is a sum of the means of nine spots of each channel. */
export function writeFeaturesPack(packsFolder: string, id: string, width = 2048): void {
  const folder = join(packsFolder, id);
  mkdirSync(folder, { recursive: true });
  const weights = makeFeatureWeights();
  const nodes = [
    writeNode('AveragePool', ['pixel_values'], 'means', { kernel_shape: [9, 9], strides: [100, 100] }),
    writeNode('Flatten', ['means'], 'flat'),
    writeConstant({ name: 'weights', dtype: 'float32', shape: [3 * spots, width], values: [...weights] }),
    writeNode('MatMul', ['flat', 'weights'], 'features'),
  ];
  const inputs = [{ name: 'pixel_values', dtype: 'float32' as const, shape: ['batch', 3, 299, 299] }];
  const outputs = [{ name: 'features', dtype: 'float32' as const, shape: ['batch', width] }];
  writeFileSync(join(folder, 'pool3.onnx'), writeModel(nodes, inputs, outputs));
  const roles = { features: { kind: 'inception-v3-pool3' as const, graph: 'pool3.onnx' } };
  writePackManifest(folder, { id, name: 'Chance’s features', summary: 'What chance sees.', roles });
}
