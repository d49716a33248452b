/** Runs once when the portal's server starts: checks the settings and starts indexer and saga worker. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { startBackground } = await import('#server/background.ts');
  startBackground();
}
