import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFabric, requireFabric } from './programs.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'medloom-programs-'));
  for (const file of ['peer', 'orderer', 'osnadmin', 'configtxgen']) put(`bin/${file}`);
  for (const file of ['config/core.yaml', 'config/orderer.yaml', 'builders/ccaas/bin/detect']) put(file);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function put(file: string): void {
  mkdirSync(join(dir, file, '..'), { recursive: true });
  writeFileSync(join(dir, file), '', { mode: 0o755 });
}

const bin = () => join(dir, 'bin');

describe('findFabric', () => {
  it('takes the folder that FABRIC_BIN names, or one on PATH, with what lies beside it', () => {
    const found = { peer: join(bin(), 'peer'), config: join(dir, 'config'), builder: join(dir, 'builders', 'ccaas') };
    expect(findFabric({ FABRIC_BIN: bin() })).toMatchObject(found);
    expect(findFabric({ PATH: `/nowhere:${bin()}` })).toMatchObject(found);
  });

  it('passes by a folder that has another program called peer', () => {
    rmSync(join(bin(), 'orderer'));
    expect(findFabric({ PATH: bin() })?.peer).not.toBe(join(bin(), 'peer'));
  });

  it.each([
    ['bin/osnadmin', 'has no osnadmin'],
    ['config/core.yaml', 'core.yaml is missing'],
    ['builders', 'builder for chaincode as a service is missing'],
  ])('names what is missing: %s', (file, words) => {
    rmSync(join(dir, file), { recursive: true });
    expect(() => findFabric({ FABRIC_BIN: bin() })).toThrow(words);
  });

  it('takes the settings from FABRIC_CFG_PATH where that is set', () => {
    expect(() => findFabric({ FABRIC_BIN: bin(), FABRIC_CFG_PATH: '/nowhere' })).toThrow(
      '/nowhere/core.yaml is missing',
    );
  });

  it('says what to do where FABRIC_BIN names no such folder', () => {
    expect(() => requireFabric({ FABRIC_BIN: '/nowhere' })).toThrow('/nowhere has no peer, no orderer');
  });
});
