import { setTimeout as delay } from 'node:timers/promises';
import { common } from '@hyperledger/fabric-protos';
import { productRecord } from '#chaincode/model/product.ts';
import { channelMap } from '#chaincode/model/records.ts';
import { AppError } from '#server/errors.ts';
import { type Block, readBlock } from './blocks.ts';
import { careChannelsInForce } from './channelMap.ts';
import { Connections, gatewayFor } from './connections.ts';
import { isUnreachable, ledgerFault } from './faults.ts';
import { commitStatusRequest, signedCommitStatusRequest } from './offline.ts';
import type { LedgerProfile } from './profile.ts';
import { newPseudonymOn, type Topology, topologyOf } from './topology.ts';

/** A call of a contract. */
export interface ContractCall {
  channel: string;
  contract: string;
  function: string;
  args: string[];
  transient?: Record<string, Uint8Array>;
}

/** Whose key will sign: organisation and certificate, both public. */
export interface PersonIdentity {
  mspId: string;
  certificatePem: string;
}

export interface CommitOutcome {
  /** Fabric's validation code; 0 is valid. */
  code: number;
  valid: boolean;
  blockNumber: bigint;
}

/** The health ledgers. Nothing here can sign for a person: proposals are built here and signed elsewhere. */
export interface LedgerGateway extends Topology {
  /** A pseudonym of a new patient, on a channel that is in force now. Throws LEDGER_UNAVAILABLE. */
  newPseudonym(): Promise<string>;
  /** The supply channel on which `registry` says that a product is traced. Throws NOT_FOUND, LEDGER_UNAVAILABLE. */
  supplyChannelOf(gtin: string): Promise<string>;
  /** Asks a contract as the organisation's service; repeated when nobody answers. */
  evaluate(call: ContractCall & { mspId?: string }): Promise<Uint8Array>;
  /** Builds a proposal for a person's certificate. `endorsers`: the only organisations that may see transient data. */
  prepare(
    person: PersonIdentity,
    call: ContractCall,
    endorsers?: string[],
  ): { transactionId: string; proposal: Uint8Array; status: Uint8Array };
  /** Sends a signed proposal to the endorsers; answers the transaction to sign (gateway.PreparedTransaction). */
  endorse(person: PersonIdentity, channel: string, proposal: Uint8Array, signature: Uint8Array): Promise<Uint8Array>;
  /** Sends a signed transaction to be ordered; does not wait for its block. */
  submit(person: PersonIdentity, channel: string, transaction: Uint8Array, signature: Uint8Array): Promise<void>;
  /** Waits for a transaction's block; throws LEDGER_UNDECIDED when there is none within the deadline. */
  commitStatus(
    person: PersonIdentity,
    channel: string,
    status: Uint8Array,
    signature: Uint8Array,
    deadlineMs?: number,
  ): Promise<CommitOutcome>;
  /** Evaluates a signed proposal, for what only the person's own key may ask. */
  evaluateSigned(
    person: PersonIdentity,
    channel: string,
    proposal: Uint8Array,
    signature: Uint8Array,
  ): Promise<Uint8Array>;
  /** Blocks of a channel from `next` on, those to come included, until `signal` aborts or the connection breaks. */
  followBlocks(channel: string, next: bigint, signal: AbortSignal): AsyncIterable<Block>;
  /** Number of blocks of a channel, as a peer tells it. */
  height(channel: string, deadlineMs: number): Promise<number>;
  /** True when a peer of the channel, and its contract where it has one, answers within the deadline. */
  answers(channel: string, deadlineMs: number): Promise<boolean>;
  close(): void;
}

/** A function that every contract written with fabric-contract-api has. */
const metadataFunction = 'org.hyperledger.fabric:GetMetadata';

const retryAfterMs = [100, 400] as const;

/** Opens the ledgers of a profile, which may grow meanwhile; connections are made when they are first used. */
export function openLedger(profile: () => LedgerProfile): LedgerGateway {
  const topology = topologyOf(profile);
  const connections = new Connections(profile);
  const forPerson = (person: PersonIdentity, channel: string) =>
    gatewayFor(connections.of(topology.servedBy(channel, person.mspId)).client, person);

  const evaluate: LedgerGateway['evaluate'] = async ({ channel, contract, function: name, args, mspId }) => {
    const { service } = connections.of(topology.servedBy(channel, mspId));
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await service
          .getNetwork(channel)
          .getContract(contract)
          .evaluateTransaction(name, ...args);
      } catch (error) {
        const wait = retryAfterMs[attempt];
        const fault = ledgerFault(error, `${channel}/${contract}.${name}`);
        if (wait === undefined || fault.code !== 'LEDGER_UNAVAILABLE') throw fault;
        // Not all at once, where a node comes back that many wait for.
        await delay(wait * (0.5 + Math.random()));
      }
    }
  };

  const askRegistry = async (name: string, argument: string): Promise<unknown> => {
    const call = { channel: 'registry', contract: 'registry', function: name, args: [argument] };
    return JSON.parse(Buffer.from(await evaluate(call)).toString('utf8'));
  };
  const newCareChannels = careChannelsInForce(
    async (version) => channelMap.parse(await askRegistry('readChannelMap', version)),
    (channel) => topology.channels().includes(channel),
  );

  return {
    ...topology,
    evaluate,
    newPseudonym: async () => newPseudonymOn(await newCareChannels()),
    supplyChannelOf: async (gtin) => productRecord.parse(await askRegistry('readProduct', gtin)).channel,

    prepare(person, call, endorsers) {
      const contract = forPerson(person, call.channel).getNetwork(call.channel).getContract(call.contract);
      const proposal = contract.newProposal(call.function, {
        arguments: call.args,
        transientData: call.transient ?? {},
        ...(endorsers === undefined ? {} : { endorsingOrganizations: endorsers }),
      });
      const transactionId = proposal.getTransactionId();
      return {
        transactionId,
        proposal: proposal.getBytes(),
        status: commitStatusRequest(person, call.channel, transactionId),
      };
    },

    async endorse(person, channel, proposal, signature) {
      try {
        const transaction = await forPerson(person, channel).newSignedProposal(proposal, signature).endorse();
        return transaction.getBytes();
      } catch (error) {
        throw ledgerFault(error, `endorse on ${channel}`);
      }
    },

    async submit(person, channel, transaction, signature) {
      try {
        await forPerson(person, channel).newSignedTransaction(transaction, signature).submit();
      } catch (error) {
        throw ledgerFault(error, `submit on ${channel}`);
      }
    },

    async commitStatus(person, channel, status, signature, deadlineMs) {
      const commit = forPerson(person, channel).newSignedCommit(
        signedCommitStatusRequest(status, signature),
        signature,
      );
      try {
        const options = deadlineMs === undefined ? undefined : { deadline: Date.now() + deadlineMs };
        const { code, successful, blockNumber } = await commit.getStatus(options);
        return { code, valid: successful, blockNumber };
      } catch (error) {
        if (isUnreachable(error))
          throw new AppError('LEDGER_UNDECIDED', `no commit status on ${channel}`, { cause: error });
        throw ledgerFault(error, `commit status on ${channel}`);
      }
    },

    async evaluateSigned(person, channel, proposal, signature) {
      try {
        return await forPerson(person, channel).newSignedProposal(proposal, signature).evaluate();
      } catch (error) {
        throw ledgerFault(error, `evaluate on ${channel}`);
      }
    },

    async *followBlocks(channel, next, signal) {
      const { service } = connections.of(topology.servedBy(channel));
      try {
        const blocks = await service.getNetwork(channel).getBlockEvents({ startBlock: next });
        const stop = () => blocks.close();
        signal.addEventListener('abort', stop, { once: true });
        try {
          if (signal.aborted) return;
          for await (const block of blocks) yield readBlock(block);
        } finally {
          signal.removeEventListener('abort', stop);
          blocks.close();
        }
      } catch (error) {
        if (!signal.aborted) throw ledgerFault(error, `blocks of ${channel}`);
      }
    },

    async height(channel, deadlineMs) {
      try {
        const { service } = connections.of(topology.servedBy(channel));
        const info = await service
          .getNetwork(channel)
          .getContract('qscc')
          .newProposal('GetChainInfo', { arguments: [channel] })
          .evaluate({ deadline: Date.now() + deadlineMs });
        return common.BlockchainInfo.deserializeBinary(info).getHeight();
      } catch (error) {
        throw ledgerFault(error, `height of ${channel}`);
      }
    },

    async answers(channel, deadlineMs) {
      const contract = topology.contractsOf(channel)[0];
      try {
        if (contract === undefined) await this.height(channel, deadlineMs);
        else {
          const { service } = connections.of(topology.servedBy(channel));
          const proposal = service.getNetwork(channel).getContract(contract).newProposal(metadataFunction);
          await proposal.evaluate({ deadline: Date.now() + deadlineMs });
        }
        return true;
      } catch {
        return false;
      }
    },

    close: () => connections.close(),
  };
}
