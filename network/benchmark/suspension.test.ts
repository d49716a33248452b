import { expect, it } from 'vitest';
import { measureSuspension, type Suspension } from './suspension.ts';

/** Answers yes from the nth question on. */
function after(questions: number): () => Promise<boolean> {
  let asked = 0;
  return async () => {
    asked += 1;
    return asked > questions;
  };
}

function suspension(change: Partial<Suspension> = {}): Suspension & { suspended: boolean } {
  const [early, late] = [after(0), after(4)];
  const made: ReturnType<typeof suspension> = {
    suspended: false,
    suspend: async () => {
      made.suspended = true;
      return performance.now();
    },
    channels: ['care-0', 'care-1'],
    isMirrored: async (channel) => made.suspended && (channel === 'care-0' ? early() : late()),
    isSessionOver: after(1),
    ...change,
  };
  return made;
}

it('lasts until the last of the channels and the session', async () => {
  const { channels, session, suspensionDelayMs } = await measureSuspension(suspension());
  expect(Object.keys(channels)).toEqual(['care-0', 'care-1']);
  const { 'care-0': early = 0, 'care-1': late = 0 } = channels;
  expect(early).toBeLessThan(late);
  expect(suspensionDelayMs).toBe(Math.max(late, session));
});

it('is not measured where something never holds', async () => {
  const never = async () => false;
  await expect(measureSuspension(suspension({ isMirrored: never }), 50)).rejects.toThrow('care-0');
  await expect(measureSuspension(suspension({ isSessionOver: never }), 50)).rejects.toThrow('session');
});

it('begins with the commit, and not where there was none', async () => {
  const failing = suspension({ suspend: () => Promise.reject(new Error('refused')) });
  await expect(measureSuspension(failing)).rejects.toThrow('refused');
});
