/**
 * The most that a pack may bring of anything. Packs come from anywhere, and a count without a bound is memory and time without one:
 * a picture's text would be megabytes, or the studio would stand still. Each is well above what models of today have.
 */
export const packLimits = {
  /** Of pack.json; the embedded one has 17 kB. */
  manifestBytes: 4 * 1024 * 1024,
  /** Of any other file that is read as text: configs, vocabularies, measurements. SDXL's tokenizer.json has 3.6 MB. */
  textFileBytes: 32 * 1024 * 1024,
  /** Disks, networks and clouds that do not answer in this time are told as such. */
  readTimeoutMs: 10_000,
  /** A graph may keep each of its tensors in a file of its own. */
  files: 10_000,
  pathCharacters: 512,
  nameCharacters: 200,
  /** Of a sentence, a notice or a negative prompt. */
  textCharacters: 20_000,
  /** Of each list in which a pack says what it knows. */
  listEntries: 10_000,
  samples: 1000,
  /** Heads of an encoder. */
  lengths: 32,
  /** Tokens of one reading; a document holds 4,096 slots. */
  longestLength: 1024,
  /** Of the grid that attention lies on: 64 × 64. */
  patches: 4096,
  /** Candidates for one position. */
  candidates: 50,
  /** Of the picture an encoder or a scorer takes. */
  inputSidePixels: 1024,
  /** Of the picture a decoder draws. */
  drawnSidePixels: 4096,
  steps: 200,
  guidance: 30,
  /** CLIP has 49,408 tokens, multilingual ones 250,000. */
  vocabulary: 300_000,
  /** The engine hands on ids in 32 bits. */
  largestTokenId: 2 ** 31 - 1,
  /** Tokens that are recognised as they are written: each is looked for at every place of a text. */
  addedTokens: 1024,
  tokenCharacters: 1024,
  /** Begin and end included; CLIP has 77. */
  tokensARow: 8192,
  latentChannels: 256,
  /** Of a U-Net or a VAE; each but the first halves a side. */
  levels: 8,
  /** Side of the latents a model was trained on. */
  latentSide: 1024,
  trainTimesteps: 100_000,
  /** Numbers of one row that a graph gives or takes beside pictures: a vector of a picture or a text, a hidden state. */
  width: 16_384,
  /** Rows of a graph whose batch size is fixed. */
  fixedBatch: 256,
} as const;
