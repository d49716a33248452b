import { describe, expect, it } from 'vitest';
import { adviceFor, createProgress, explainFailure, GivenUp, StepError } from './step.ts';

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
    await expect(progress.step('Ethereum', () => Promise.reject(new GivenUp()))).rejects.toThrow('given up');
    expect(result).toBe(7);
    const time = ' {2}\\d+\\.\\d s\\n';
    // Only what has failed has a cross; what was given up for it has a dash.
    expect(out.written.join('')).toMatch(new RegExp(`^✓ IPFS \\(embedded\\)${time}✗ Portal${time}– Ethereum${time}$`));
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

  it('never leaves out what to do and where to look', () => {
    expect(explainFailure(new Error('odd'), '/state/logs')).toMatch(
      /^odd\nWhat to do: .+\nThe logs are in \/state\/logs$/,
    );
    const named = new StepError('Taken.', { advice: 'wait.' });
    expect(explainFailure(named, '/state/logs')).toBe('Taken.\nWhat to do: wait.\nThe logs are in /state/logs');
  });

  it('does not promise that another state folder helps where the clone cannot be written to', () => {
    const error = Object.assign(new Error('EROFS: write'), { code: 'EROFS' });
    expect(explainFailure(error)).toMatch(
      /clone Medloom to a disk that can be written to. Packages, builds and logs lie/,
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

describe('adviceFor', () => {
  it.each([
    ['[Error: ENOSPC: no space left on device, write]', /free some space/],
    ['FATAL:  could not write to file: No space left on device', /free some space/],
    ['mkdir: Read-only file system', /clone Medloom to a disk/],
    ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory', /2\.5 GB/],
  ])('knows what to do about %j', (words, advice) => {
    expect(adviceFor(words)).toMatch(advice);
  });

  it('says nothing about words that it does not know', () => {
    expect(adviceFor('channel care-0: the ledger is damaged')).toBeUndefined();
  });
});
