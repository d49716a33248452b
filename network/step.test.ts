import { describe, expect, it } from 'vitest';
import { createProgress, explainFailure, StepError } from './step.ts';

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 60, written, write: (text: string) => written.push(text) };
}

describe('createProgress', () => {
  it('writes one line for each step into a file, with note and time', async () => {
    const out = screen(false);
    const progress = createProgress(out);
    const result = await progress.step('IPFS', async (note) => {
      note('embedded');
      return 7;
    });
    await expect(progress.step('Portal', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(result).toBe(7);
    expect(out.written.join('')).toMatch(/^✓ IPFS \(embedded\) {2}\d+\.\d s\n✗ Portal {2}\d+\.\d s\n$/);
  });

  it('shows on a terminal what still runs, below what has finished', async () => {
    const out = screen(true);
    const progress = createProgress(out);
    const slow = Promise.withResolvers<void>();
    const first = progress.step('Slow', () => slow.promise);
    await progress.step('Quick', async () => undefined);
    expect(out.written.join('')).toMatch(/✓ Quick {2}\d\.\d s\n… Slow \d\.\d s$/);
    slow.resolve();
    await first;
    progress.close();
    expect(out.written.join('')).toMatch(/✓ Slow {2}\d\.\d s\n$/);
  });
});

describe('explainFailure', () => {
  it('says cause, what to do, and where the log is', () => {
    const error = new StepError('Port 3000 is in use.', { advice: 'choose another.', logFile: '/logs/portal.log' });
    expect(explainFailure(error)).toBe(
      'Port 3000 is in use.\nWhat to do: choose another.\nThe log is /logs/portal.log',
    );
  });

  it.each([
    ['ENOSPC', 'The disk is full.'],
    ['EROFS', 'The disk is read-only.'],
    ['EACCES', 'This user may not do that.'],
  ])('puts %s in words, also behind another error', (code, text) => {
    const cause = Object.assign(new Error(`${code}: write`), { code });
    expect(explainFailure(new Error('could not save', { cause }))).toContain(text);
    expect(explainFailure(cause)).toContain(text);
  });
});
