/**
 * `npm start`. Plain JavaScript, because it runs before anything is known of the Node.js that runs it: the rest is TypeScript,
 * which older ones cannot read.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`De-Diffusion Studio needs Node.js 24 (this is ${process.versions.node}).`);
  console.error('Run "npm ci" again: on Linux and Windows it brings its own. Elsewhere install it from https://nodejs.org.');
  process.exit(1);
}

try {
  const { start } = await import('./start.ts');
  process.exitCode = await start(process.argv.slice(2));
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  console.error(`A part of the studio is not installed: ${error.message.split('\n')[0]}`);
  console.error('Run "npm ci", then "npm start" again.');
  process.exit(1);
}
