import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readNetworkFile } from './networkFile.ts';

const folder = mkdtempSync(join(tmpdir(), 'medloom-network-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string, name = 'devnet.yaml') {
  const path = join(folder, name);
  writeFileSync(path, text);
  return readNetworkFile(path);
}

/** What is said about a file, each fault as `line: what`. */
function faults(text: string): string[] {
  try {
    read(text);
  } catch (error) {
    const path = join(folder, 'devnet.yaml');
    return (error instanceof Error ? error.message : '').split('\n').map((line) => line.replace(`${path}:`, ''));
  }
  return [];
}

const small = `organisations:
  - name: Org1
channels:
  - name: mychannel
`;

describe('the file of a network', () => {
  it('has a default for everything but names', () => {
    const { description, stateDir, certificatesDir } = read(small);
    expect(description).toEqual({
      domain: 'example.com',
      state: '.devnet',
      organisations: [{ name: 'Org1', peer: true, users: 1 }],
      channels: [{ name: 'mychannel', chaincodes: [] }],
    });
    expect([stateDir, certificatesDir]).toEqual([join(folder, '.devnet'), join(folder, '.devnet', 'organizations')]);
  });

  it('may be JSON, and the examples are without fault', () => {
    expect(read(JSON.stringify(read(small).description), 'devnet.json').description).toEqual(read(small).description);
    for (const example of ['notes/devnet.yaml', 'full.yaml'])
      expect(readNetworkFile(join(import.meta.dirname, '../examples', example)).description.channels).toHaveLength(1);
  });

  it('names the line and the field of each fault', () => {
    expect(
      faults(`organisations:
  - name: Org1
    port: seventy
  - name: Org 2
channels:
  - name: mychannel
    organizations: [Org1]
    chaincodes:
      - name: basic
        policy: OR('Org1MSP.peer'
        command: run
`),
    ).toEqual([
      '3: organisations.0.port: must be a port number',
      '4: organisations.1.name: must be letters, digits and hyphens',
      expect.stringMatching(/^10: channels\.0\.chaincodes\.0\.policy: policy .*/),
      expect.stringMatching(/^6: channels\.0: Unrecognized key: "organizations"/),
    ]);
  });

  it('names what is not YAML, and a file that is not there', () => {
    expect(faults('organisations:\n  - name: [Org1\nchannels: []\n')[0]).toMatch(/^\d: /);
    expect(() => readNetworkFile(join(folder, 'absent.yaml'))).toThrow(/cannot read .*absent\.yaml/);
  });

  it('looks up every name', () => {
    expect(
      faults(`organisations:
  - name: Org1
  - name: Org1
  - name: Auditors
    peer: false
    port: 7
channels:
  - name: one
    organisations: [Org1, Auditors]
    clients: [Nobody]
    chaincodes:
      - name: a
        address: { Org2: 127.0.0.1:9 }
      - name: a
        organisations: [Auditors]
        command: run
  - name: one
`),
    ).toEqual([
      '3: organisations.1.name: Org1 is an organisation already',
      '6: organisations.2.port: there is no peer that has it',
      '9: channels.0.organisations.1: Auditors is not an organisation with a peer',
      '10: channels.0.clients.0: Nobody is not an organisation',
      '13: channels.0.chaincodes.0.address: Org2 is not on the channel',
      '14: channels.0.chaincodes.1.name: a is a chaincode of one already',
      '17: channels.1.name: one is a channel already',
    ]);
  });

  it('wants an address or a command, and one list of collections', () => {
    const chaincode = (lines: string) => faults(`${small}    chaincodes:\n      - name: basic\n${lines}`);
    expect(chaincode('')).toEqual(['6: channels.0.chaincodes.0: needs either an address or a command']);
    expect(chaincode('        address: 127.0.0.1:1\n        command: run\n')).toHaveLength(1);
    expect(chaincode('        address: 127.0.0.1:1\n        folder: here\n')).toEqual([
      '8: channels.0.chaincodes.0.folder: says where a command runs, and there is none',
    ]);
    expect(chaincode('        command: run\n        collectionsFile: x.json\n        collections: []\n')).toEqual([
      '8: channels.0.chaincodes.0.collectionsFile: there are collections beside it',
    ]);
  });

  it("reads a collections file of Fabric's command line, and names its faults by its own lines", () => {
    const text = `${small}    chaincodes:\n      - name: basic\n        command: run\n        collectionsFile: c.json\n`;
    const policy = "OR('Org1MSP.member')";
    writeFileSync(
      join(folder, 'c.json'),
      JSON.stringify([{ name: 'c', policy, endorsementPolicy: { signaturePolicy: policy } }]),
    );
    expect(read(text).collections('mychannel', 'basic')).toEqual([
      {
        ...{ name: 'c', policy, endorsementPolicy: policy, requiredPeerCount: 0, maxPeerCount: 0 },
        ...{ blockToLive: 0, memberOnlyRead: false, memberOnlyWrite: false },
      },
    ]);
    writeFileSync(join(folder, 'c.json'), '[\n  {\n    "name": "c",\n    "policy": "Org1MSP"\n  }\n]');
    expect(() => read(text)).toThrow(/c\.json:4: 0\.policy: /);
  });
});
