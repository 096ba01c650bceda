import type { Matrix, MatrixRequest } from '../../../contract/texts/matrix.ts';
import { StudioError } from '../../../contract/errors.ts';
import { cellKey, orderSources, readMatrixBoard } from '../../work/blending/matrix-board.ts';
import { checkPrepared, limitOf, prepareTexts } from '../../work/blending/prepare-blend.ts';
import type { StudioServices } from '../studio-services.ts';

function requestOf({ queue }: StudioServices, jobId: string): MatrixRequest {
  const { request } = queue.get(jobId);
  if (request.kind === 'matrix') return request;
  throw new StudioError('not-found', 'This job is no matrix.', 'Name the job of a matrix.', { jobId });
}

/**
 * A matrix as far as it is made, also while its job goes on.
 * @throws StudioError `not-found` for a job that is not there or is none of a matrix; as prepareTexts does
 */
export async function findMatrix(services: StudioServices, jobId: string): Promise<Matrix> {
  const request = requestOf(services, jobId);
  const board = readMatrixBoard(services.library, jobId, request);
  const sources = orderSources(board, request);
  if (sources.length === 0) return { name: request.name, sources: [], cells: [] };
  const limit = limitOf(await services.packs.resolvePack(request.packId ?? services.defaultPackId()));
  const prepared = await prepareTexts(
    services,
    sources.map(({ id }) => ({ type: 'item', itemId: id })),
    limit,
  );
  const cells = sources.flatMap((one, object) =>
    sources.flatMap((other, scene): Matrix['cells'] => {
      const text = board.texts.get(cellKey(one.id, other.id));
      const [ofObject, ofScene] = [prepared.texts[object]?.side, prepared.texts[scene]?.side];
      if (text === undefined || ofObject === undefined || ofScene === undefined) return [];
      const drawn = board.pictures.get(text.id);
      const checks = checkPrepared(text.text, ofObject, ofScene, prepared.options);
      const picture = drawn === undefined ? null : { itemId: drawn.id, sha256: drawn.image.sha256 };
      return [{ object, scene, textId: text.id, text: text.text, checks, picture }];
    }),
  );
  return {
    name: request.name,
    sources: sources.flatMap(({ id: textId, title, text, prompt: { imageSha256 } }) =>
      imageSha256 === null ? [] : [{ imageSha256, title, textId, text }],
    ),
    cells,
  };
}
