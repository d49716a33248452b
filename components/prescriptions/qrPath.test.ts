import { describe, expect, it } from 'vitest';
import { qrPath } from './qrPath.ts';

const text = 'https://medloom.example/rx#rx-0-abcdefghijklmnopqrstuvwxyz.AAAAAAAAAAAAAAAAAAAAAA';

describe('qrPath', () => {
  it('draws a square code with its three finders', () => {
    const { width, height, d } = qrPath(text);
    expect(width).toBe(height);
    expect(width).toBeGreaterThan(30);
    expect(d.match(/M/g)?.length).toBeGreaterThan(100);
  });

  it('is another code for another secret', () => {
    expect(qrPath(text).d).not.toBe(qrPath(`${text.slice(0, -1)}B`).d);
  });
});
