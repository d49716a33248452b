import { createPrivateKey } from 'node:crypto';
import { GatewayError, type Transaction } from '@hyperledger/fabric-gateway';
import type { Identity } from '#chaincode/testing/identity.ts';
import { type Endorsed, type Order, TestLedger } from '#chaincode/testing/ledger.ts';
import { type Consortium, type ContractName, contractNames, type Person } from './consortium.ts';

/** Peers that hold secrets; what carries transient data goes to them alone. */
const secretHolders: Partial<Record<string, string[]>> = {
  care: ['HospitalMSP', 'PharmacyMSP'],
  claims: ['InsurerMSP', 'PharmacyMSP'],
};

/** A ledger as the chaincode's tests use it, over gateways: what was written for it runs on real channels as it is. */
export class GatewayLedger extends TestLedger {
  private readonly consortium: Consortium;

  constructor(consortium: Consortium) {
    super();
    this.consortium = consortium;
  }

  /** A person of the tests with a certificate of the consortium's CA. */
  async enrol(mspId: string, attributes: Record<string, string>): Promise<Identity> {
    const { certPem, keyPem, keys } = await this.consortium.enrol(mspId, attributes);
    return { mspId, certificatePem: certPem, privateKey: createPrivateKey(keyPem), keys };
  }

  /** Endorses; what carries transient data goes to the peers alone that may see it. */
  async propose(order: Order): Promise<Transaction> {
    const { channel, args, transient = {} } = order;
    const hasSecrets = Object.keys(transient).length > 0;
    const endorsers = hasSecrets ? secretHolders[order.contract] : undefined;
    const options = { channel, transient, ...(endorsers && { endorsers }) };
    const call = [order.function, ...args];
    return withMessage(this.consortium.endorse(personOf(order.caller), contractOf(order), call, options));
  }

  /** Submits what was endorsed; gives the validation code when every peer has it. */
  async settle(caller: Identity, transaction: Transaction): Promise<number> {
    const [code] = await this.consortium.commit(personOf(caller), transaction);
    if (code === undefined) throw new Error('no validation code');
    return code;
  }

  /** Submits and waits until every peer has it. What the peers simulated is their own business: it is empty here. */
  override async submit(order: Order): Promise<Endorsed> {
    const transaction = await this.propose(order);
    const code = await this.settle(order.caller, transaction);
    if (code !== 0) throw new Error(`validation code ${code}`);
    const result = Buffer.from(transaction.getResult()).toString('utf8');
    const [reads, ranges, writes] = [new Map(), new Map(), new Map()];
    const simulation = { reads, ranges, writes, privateReads: new Map(), privateWrites: new Map() };
    const call = { transient: {}, at: new Date(), txId: transaction.getTransactionId(), ...order };
    return { call, simulation, result };
  }

  override async evaluate<T>({ channel, function: name, args, caller, ...order }: Order): Promise<T> {
    return withMessage(this.consortium.evaluate<T>(personOf(caller), contractOf(order), [name, ...args], channel));
  }
}

export function personOf({ mspId, certificatePem, privateKey, keys }: Identity): Person {
  const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { mspId, certPem: certificatePem, keyPem, keys };
}

function contractOf({ contract }: Pick<Order, 'contract'>): ContractName {
  const found = contractNames.find((name) => name === contract);
  if (!found) throw new Error(`no contract ${contract}`);
  return found;
}

/** The chaincode's own message in place of the gateway's, which has it among the details. */
async function withMessage<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const messages = [...error.details.map(({ message }) => message), error.message];
    throw new Error(messages.find((message) => message.includes('{"code":')) ?? messages.join('; '), { cause: error });
  }
}
