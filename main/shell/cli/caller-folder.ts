/**
 * The folder a person was in who ran the command line through npm: npm runs scripts in the project's own folder, so that `scene.png` would
 * be looked for there. Null where npm did not start it, or where a script of another project did, in its own folder.
 */
export function callerFolder(environment: NodeJS.ProcessEnv): string | null {
  const { INIT_CWD: folder, npm_package_name: project, npm_lifecycle_event: script } = environment;
  const isOurs = project === 'dediffusion-studio' && (script === 'cli' || script === 'serve');
  return isOurs && folder !== undefined && folder !== '' ? folder : null;
}
