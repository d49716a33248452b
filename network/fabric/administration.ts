import { join } from 'node:path';
import { CommandFailed, runProgram } from './command.ts';
import { type foldersOf, ordererName } from './material.ts';
import type { FabricNode } from './nodes.ts';
import type { FabricPrograms } from './programs.ts';

/** Fabric's own commands, run as the administrators of the organisations. */
export class Administration {
  readonly #programs: FabricPrograms;
  readonly #folders: ReturnType<typeof foldersOf>;
  readonly #orderers: readonly FabricNode[];
  readonly #signal: AbortSignal | undefined;

  constructor(options: {
    programs: FabricPrograms;
    folders: ReturnType<typeof foldersOf>;
    orderers: readonly FabricNode[];
    signal?: AbortSignal | undefined;
  }) {
    this.#programs = options.programs;
    this.#folders = options.folders;
    this.#orderers = options.orderers;
    this.#signal = options.signal;
  }

  /** Has an orderer take part in a channel; nothing happens where it does already. */
  async joinOrderer(orderer: FabricNode, channel: string, blockFile: string): Promise<void> {
    const tls = join(this.#folders.node(orderer.name), 'tls');
    const what = `The ${orderer.name} joining ${channel}`;
    const output = await runProgram(
      this.#programs.osnadmin,
      [
        ...['channel', 'join', '--channelID', channel, '--config-block', blockFile, '-o', orderer.admin],
        ...['--ca-file', this.#folders.tlsRoot(orderer.mspId)],
        ...['--client-cert', join(tls, 'server.crt'), '--client-key', join(tls, 'server.key')],
      ],
      { what, signal: this.#signal },
    );
    // The program ends well whatever the orderer answers; 405 is what it says of a channel that it has.
    if (!/^Status: (201|405)$/m.test(output)) throw new CommandFailed(what, output, undefined);
  }

  /** Has a peer join a channel; nothing happens where it has. */
  async joinPeer(peer: FabricNode, channel: string, blockFile: string): Promise<void> {
    await this.peer(peer, ['channel', 'join', '-b', blockFile], `The ${peer.name} joining ${channel}`).catch(
      (error: unknown) => {
        if (!(error instanceof CommandFailed && /already exists/.test(error.output))) throw error;
      },
    );
  }

  /** Runs `peer` as the administrator of the peer's organisation, against that peer. */
  peer(peer: FabricNode, args: string[], what: string): Promise<string> {
    const env = {
      FABRIC_CFG_PATH: this.#programs.config,
      FABRIC_LOGGING_SPEC: 'error',
      CORE_PEER_LOCALMSPID: peer.mspId,
      CORE_PEER_MSPCONFIGPATH: this.#folders.admin(peer.mspId),
      CORE_PEER_ADDRESS: peer.address,
      CORE_PEER_TLS_ENABLED: 'true',
      CORE_PEER_TLS_ROOTCERT_FILE: this.#folders.tlsRoot(peer.mspId),
    };
    return runProgram(this.#programs.peer, args, { what, env, signal: this.#signal });
  }

  /** Options with which `peer` sends a transaction to the ordering service. */
  ordering(): string[] {
    const [orderer] = this.#orderers;
    if (!orderer) throw new Error(`There is no ${ordererName(0)}.`);
    return ['-o', orderer.address, '--tls', '--cafile', this.#folders.tlsRoot(orderer.mspId)];
  }

  /** Options that name the peers which `peer` asks to endorse. */
  endorsers(peers: readonly FabricNode[]): string[] {
    return peers.flatMap((peer) => [
      ...['--peerAddresses', peer.address],
      ...['--tlsRootCertFiles', this.#folders.tlsRoot(peer.mspId)],
    ]);
  }
}
