import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';

describe('readOptions', () => {
  it('has defaults', () => {
    expect(readOptions([], '/state')).toEqual({
      ...{ fresh: false, port: 3000, stateDir: '/state', dev: false, portal: true },
      ...{ demonstration: true, simulation: true, ipfs: undefined, help: false },
    });
  });

  it('reads every option', () => {
    expect(
      readOptions(['--fresh', '--port', '0', '--state', '/other', '--dev', '--no-portal', '--ipfs', 'kubo'], '/state'),
    ).toEqual({
      ...{ fresh: true, port: 0, stateDir: '/other', dev: true, portal: false },
      ...{ demonstration: true, simulation: true, ipfs: 'kubo', help: false },
    });
  });

  it('takes a kind of ledger, or the profile of one that is there', () => {
    expect(readOptions(['--ledger', 'fabric'], '/state').ledger).toBe('fabric');
    expect(readOptions(['--ledger', 'package.json'], '/state').ledger).toEqual({ profile: resolve('package.json') });
  });

  it('can leave the network empty', () => {
    expect(readOptions(['--no-demonstration'], '/state').demonstration).toBe(false);
  });

  it('can leave the supply chain as it is', () => {
    expect(readOptions(['--no-simulation'], '/state')).toMatchObject({ demonstration: true, simulation: false });
  });

  it.each([
    [['--port', 'http'], /--port http is not a port number/],
    [['--port', '70000'], /--port 70000/],
    [['--port=-1'], /--port -1/],
    [['--ipfs', 'helia'], /--ipfs helia/],
    [['--ledger', 'farbic'], /--ledger farbic/],
    [['--frehs'], /--frehs/],
    [['extra'], /extra/],
  ])('refuses %j and names it', (args, message) => {
    expect(() => readOptions(args, '/state')).toThrow(message);
  });
});
