const bytes = (mediaType: string) => ({ schema: { type: 'string', contentMediaType: mediaType } });

/** What has a name of its own and never changes under it, or the newest of what does. */
function at(operation: string, name: string, summary: string, mediaType: string, failure: object): object {
  return {
    get: {
      operationId: `bytes.${operation}`,
      tags: ['bytes'],
      summary,
      description: 'Needs the scope `read`.',
      parameters: [{ name, in: 'path', required: true, schema: { type: 'string' } }],
      responses: { 200: { description: 'OK', content: { [mediaType]: bytes(mediaType) } }, default: failure },
    },
  };
}

/** The paths beside the contract: bytes of pictures and readings, which never travel inside it. */
export function describeBytePaths(failure: object): Readonly<Record<string, object>> {
  return {
    '/images': {
      post: {
        operationId: 'bytes.addPicture',
        tags: ['bytes'],
        summary: 'Adds a picture: its bytes, as they are, in any format the studio reads.',
        description: 'Needs the scope `draw`.',
        parameters: [
          {
            name: 'x-title',
            in: 'header',
            description: 'Its title, URI-encoded.',
            schema: { type: 'string', pattern: '^[!-$&-~]*$' },
          },
          {
            name: 'x-parent',
            in: 'header',
            description: 'The item it was made from, such as the picture that a mask is of.',
            schema: { type: 'string', pattern: '^[0-9A-Za-z_-]{1,64}$' },
          },
        ],
        requestBody: { required: true, content: { 'application/octet-stream': bytes('image/*') } },
        responses: {
          200: {
            description: 'Its item in the library.',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/LibraryItem' } } },
          },
          default: failure,
        },
      },
    },
    '/images/{sha256}': at('picture', 'sha256', 'A picture as it came.', 'image/*', failure),
    '/thumbnails/{sha256}': at('thumbnail', 'sha256', 'A small copy of a picture.', 'image/webp', failure),
    '/readings/{sha256}': at(
      'reading',
      'sha256',
      'What was read in a picture, in the form of contract/texts/reading.ts.',
      'application/octet-stream',
      failure,
    ),
    '/previews/{jobId}': at('preview', 'jobId', 'The newest picture of a drawing that runs.', 'image/png', failure),
  };
}
