import { describe, expect, it, vi } from 'vitest';
import { AppError, asAppError } from './errors.ts';

describe('AppError', () => {
  it('is recognised when another copy of this module threw it', async () => {
    vi.resetModules();
    const copy = await import('./errors.ts');
    const foreign = new copy.AppError('WRONG_CODE', 'no prescription has this access code');
    expect(copy.AppError).not.toBe(AppError);
    expect(foreign).toBeInstanceOf(AppError);
    expect(asAppError(foreign)).toBe(foreign);
  });

  it('is not what only looks like one', () => {
    expect(new Error('WRONG_CODE')).not.toBeInstanceOf(AppError);
    expect(asAppError({ code: 'WRONG_CODE' }).code).toBe('INTERNAL');
    expect(asAppError(null).code).toBe('INTERNAL');
  });
});
