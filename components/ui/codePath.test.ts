import { describe, expect, it } from 'vitest';
import { barsPath, dataMatrixPath, qrPath } from './codePath.ts';

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

describe('codes of GS1', () => {
  const pack = '^FNC1010950600013435217290331' + '10AB123^FNC121K7M2QX94TR';

  it('draws a square DataMatrix, another for another serial number', () => {
    const { width, height, d } = dataMatrixPath(pack);
    expect(width).toBe(height);
    expect(d).not.toBe(dataMatrixPath(`${pack}0`).d);
  });

  it('draws the bars of a case', () => {
    const { width, height, d } = barsPath('^FNC100395060001343520018');
    expect(width).toBeGreaterThan(height);
    // Start C and FNC1 (GS1 General Specifications, section 5.4): bars 2, 1, 3 and 4, 1, 3 modules wide.
    const bars = [...d.matchAll(/M([\d.]+) [\d.-]+H([\d.]+)/g)].map(([, from, to]) => [Number(from), Number(to)]);
    expect(bars.slice(0, 6).join(' ')).toBe('0,2 3,4 6,9 11,15 16,17 18,21');
    expect(bars.every(([from = 0, to = 0]) => Number.isInteger(from) && Number.isInteger(to))).toBe(true);
  });
});
