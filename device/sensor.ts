/** Beats a minute. In the place of a real sensor: put here what asks yours. */
export async function readHeartRate(): Promise<number> {
  return Math.round(68 + 6 * Math.sin(Date.now() / 60_000) + 2 * Math.random());
}
